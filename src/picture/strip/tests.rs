#![allow(clippy::unwrap_used, reason = "a test that can go no further should say so")]

use super::*;

const SECRET: &[u8] = b"SECRET 51.5N 0.1W";

fn has_secret(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"SECRET").is_some()
}

/// A box of `kind` with `parts` as its content.
fn of(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, &content].concat()
}

/// An entry of the box `iinf`.
fn entry(id: u16, kind: &[u8; 4]) -> Vec<u8> {
    of(b"infe", &[&[2, 0, 0, 0], &id.to_be_bytes(), &[0, 0], kind, b"\0application/rdf+xml\0"])
}

/// A HEIF of a picture, its EXIF and its XMP. `wide`: places have eight bytes, and the EXIF is in `idat`.
fn heif_file(brand: &[u8; 4], wide: bool) -> Vec<u8> {
    let exif = [b"\0\0\0\0MM\0\x2a\0\0\0\x08".as_slice(), &[0; 20], SECRET].concat();
    let xmp = [b"<x:xmpmeta>".as_slice(), SECRET].concat();
    let pixels = b"PIXELS THAT STAY";
    let ftyp = of(b"ftyp", &[brand, &[0; 4], b"mif1", brand]);
    let size = if wide { 8_usize } else { 4 };
    let place = |number: usize| number.to_be_bytes()[8 - size..].to_vec();
    let make = |start: usize| {
        let parts = [(1_u16, pixels.len()), (2, exif.len()), (3, xmp.len())];
        let mut at = start;
        let mut iloc = vec![u8::from(wide), 0, 0, 0, (size << 4 | size) as u8, 0, 0, 3];
        for (id, length) in parts {
            let is_inside = wide && id == 2;
            iloc.extend(id.to_be_bytes());
            if wide {
                iloc.extend([0, u8::from(is_inside)]);
            }
            iloc.extend([0, 0, 0, 1]);
            iloc.extend(place(if is_inside { 0 } else { at }));
            iloc.extend(place(length));
            at += if is_inside { 0 } else { length };
        }
        let iinf =
            of(b"iinf", &[&[0, 0, 0, 0, 0, 3], &entry(1, b"av01"), &entry(2, b"Exif"), &entry(3, b"mime")]);
        let udes = of(b"udes", &[&[0; 4], SECRET, &[0]]);
        let properties = of(b"iprp", &[&of(b"ipco", &[&of(b"ispe", &[&[0; 12]]), &udes])]);
        let mut inner = vec![of(b"hdlr", &[&[0; 25]]), of(b"pitm", &[&[0, 0, 0, 0, 0, 1]])];
        inner.extend([of(b"iloc", &[&iloc]), iinf, properties, of(b"uuid", &[SECRET])]);
        if wide {
            inner.push(of(b"idat", &[&exif]));
        }
        of(b"meta", &[&[0; 4], &inner.concat()])
    };
    let start = ftyp.len() + make(0).len() + 8;
    let data: Vec<&[u8]> = match wide {
        true => vec![pixels, &xmp, b"unused SECRET"],
        false => vec![pixels, &exif, &xmp, b"unused SECRET"],
    };
    [ftyp, make(start), of(b"mdat", &data), of(b"uuid", &[SECRET]), of(b"free", &[SECRET])].concat()
}

#[test]
fn an_avif_or_heic_loses_all_metadata_in_its_place() {
    for brand in [b"avif", b"heic", b"heix", b"mif1"] {
        for wide in [false, true] {
            let file = heif_file(brand, wide);
            assert!(has_secret(&file) && is_picture("x", &file));
            let stripped = clean(&file).unwrap().unwrap();
            assert!(!has_secret(&stripped), "{wide}");
            assert_eq!(stripped.len(), file.len());
            let at = memchr::memmem::find(&file, b"PIXELS THAT STAY").unwrap();
            assert_eq!(&stripped[at..at + 16], b"PIXELS THAT STAY");
            // An empty block of EXIF, which readers accept.
            assert!(memchr::memmem::find(&stripped, b"\0\0\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0").is_some());
            assert_eq!(clean(&stripped), Ok(None));
        }
    }
}

#[test]
fn an_image_sequence_loses_the_notes_of_its_film() {
    let ftyp = of(b"ftyp", &[b"avis", &[0; 4], b"avis"]);
    let track = of(b"trak", &[&of(b"tkhd", &[&[7; 84]]), &of(b"udta", &[SECRET]), &of(b"meta", &[SECRET])]);
    let film = of(b"moov", &[&of(b"mvhd", &[&[7; 100]]), &track, &of(b"udta", &[SECRET])]);
    let file = [ftyp, film, of(b"mdat", &[b"PIXELS"])].concat();
    let stripped = clean(&file).unwrap().unwrap();
    assert!(!has_secret(&stripped) && stripped.ends_with(b"PIXELS") && stripped.len() == file.len());
}

#[test]
fn a_jpeg_xl_or_jpeg_2000_keeps_only_its_picture() {
    for (head, data) in [
        (b"\0\0\0\x0cJXL \r\n\x87\n".as_slice(), of(b"jxlc", &[b"PIXELS"])),
        (b"\0\0\0\x0cjP  \r\n\x87\n", of(b"jp2c", &[b"PIXELS"])),
    ] {
        let bare = [head, &of(b"ftyp", &[b"jxl \0\0\0\0"]), &data].concat();
        assert_eq!(clean(&bare), Ok(None));
        let file = [&bare[..12], &of(b"Exif", &[SECRET]), &bare[12..], &of(b"xml ", &[SECRET])].concat();
        assert_eq!(clean(&file), Ok(Some(bare)));
    }
}

/// A TIFF of one strip with `fields` besides, as tag and value of bytes.
fn tiff_file(little: bool, fields: &[(u16, &[u8])]) -> Vec<u8> {
    let two = |number: u16| if little { number.to_le_bytes() } else { number.to_be_bytes() };
    let four = |number: u32| if little { number.to_le_bytes() } else { number.to_be_bytes() };
    let mut file = if little { b"II\x2a\0".to_vec() } else { b"MM\0\x2a".to_vec() };
    file.extend(four(8));
    let count = 3 + fields.len();
    file.extend(two(count as u16));
    let mut data_at = 8 + 2 + count * 12 + 4;
    let mut data = b"PIXELS".to_vec();
    for (tag, value) in [(256_u16, 3), (273, data_at as u32), (279, data.len() as u32)] {
        file.extend(two(tag));
        file.extend(two(4));
        file.extend(four(1));
        file.extend(four(value));
    }
    data_at += data.len();
    for (tag, value) in fields {
        file.extend(two(*tag));
        file.extend(two(7));
        file.extend(four(value.len() as u32));
        file.extend(four(data_at as u32));
        data.extend_from_slice(value);
        data_at += value.len();
    }
    file.extend(four(0));
    file.extend(data);
    file
}

#[test]
fn a_tiff_keeps_its_picture_and_colours_and_nothing_else() {
    for little in [true, false] {
        let secrets: [(u16, &[u8]); 8] = [
            (270, SECRET),
            (271, SECRET),
            (700, SECRET),
            (33723, SECRET),
            (34377, SECRET),
            (34665, SECRET),
            (34853, SECRET),
            (34675, b"COLOURS"),
        ];
        let file = tiff_file(little, &secrets);
        let stripped = clean(&file).unwrap().unwrap();
        assert!(!has_secret(&stripped), "{little}");
        for kept in [b"PIXELS".as_slice(), b"COLOURS"] {
            assert_eq!(memchr::memmem::find(&stripped, kept), memchr::memmem::find(&file, kept));
        }
        assert_eq!(clean(&stripped), Ok(None));
        assert_eq!(clean(&tiff_file(little, &[])), Ok(None));
    }
}

#[test]
fn a_drawing_loses_its_metadata_and_that_of_pictures_in_it() {
    let picture = heif_file(b"avif", false);
    let encoded = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let url = |bytes: &[u8]| format!("<image xlink:href=\"data:image/avif;base64,{}\"/>", encoded(bytes));
    let bare = clean(&picture).unwrap().unwrap();
    for (written, expected) in [
        ("<metadata id=\"m\"><rdf:RDF>SECRET<a><b/></a></rdf:RDF></metadata><g/>", "<g/>"),
        ("<svg:metadata>SECRET</svg:metadata><g/>", "<g/>"),
        ("<g/><?xpacket SECRET?><x:xmpmeta>SECRET</x:xmpmeta><?xpacket end=\"w\"?>", "<g/>"),
        ("<metadata/><g inkscape:export-filename=\"/home/SECRET/a.png\" id=\"g\"/>", "<g  id=\"g\"/>"),
        (&url(&picture), &url(&bare)),
    ] {
        let file = |inner: &str| {
            format!(
                "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}<text>A &amp; B</text></svg>\n"
            )
        };
        let stripped = clean(file(written).as_bytes()).unwrap().unwrap();
        assert_eq!(String::from_utf8(stripped).unwrap(), file(expected), "{written}");
        assert_eq!(clean(file(expected).as_bytes()), Ok(None), "{written}");
    }
}

#[test]
fn a_file_with_metadata_that_can_not_be_found_is_refused() {
    let mut broken = heif_file(b"avif", false);
    let at = memchr::memmem::find(&broken, b"iloc").unwrap();
    broken[at..at + 4].copy_from_slice(b"ilox");
    let mut cut = heif_file(b"heic", false);
    cut.truncate(cut.len() - 40);
    for file in [
        broken,
        cut,
        b"II\x2a\0\xff\xff\0\0SECRET".to_vec(),
        b"IIRO\x08\0\0\0SECRET".to_vec(),
        b"8BPS\0\x01<x:xmpmeta>SECRET".to_vec(),
        b"some camera's Exif\0\0SECRET".to_vec(),
        b"<svg><metadata>SECRET</svg>".to_vec(),
    ] {
        assert_eq!(clean(&file), Err(Fault::Metadata), "{:?}", String::from_utf8_lossy(&file[..12]));
    }
    for file in [b"".as_slice(), b"no picture", b"BM\0\0\0\0", b"<svg><g></svg>"] {
        assert_eq!(clean(file), Ok(None));
    }
}

#[test]
fn no_change_of_any_byte_is_a_panic() {
    for file in [heif_file(b"avif", true), heif_file(b"heic", false), tiff_file(true, &[(34853, SECRET)])] {
        for at in 0..file.len() {
            let _ = clean(&file[..at]);
            for value in [0, 1, 0x7f, 0xff, file[at] ^ 0x20] {
                let mut changed = file.clone();
                changed[at] = value;
                let _ = clean(&changed);
            }
        }
    }
}
