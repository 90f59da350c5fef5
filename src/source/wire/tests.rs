use super::*;

fn head(text: &str) -> (Option<String>, String, Option<String>) {
    let wire = parse(text).unwrap();
    let text = |line: Option<Line>| line.map(|line| line.text);
    (text(wire.kicker), text(wire.headline).unwrap_or_default(), text(wire.standfirst))
}

const DATES: &str = "PUBLISHED : Friday, 14 February, 2014, 2:47pm\nUPDATED : Saturday, 15 February, 2014, 9:05am\n\nThe text.\n";

#[test]
fn three_blocks_are_kicker_headline_standfirst() {
    let text = format!("Harbour\n\nNight ferry returns\n\nThe first boat leaves\nat ten\n\n{DATES}");
    assert_eq!(
        head(&text),
        (Some("Harbour".into()), "Night ferry returns".into(), Some("The first boat leaves at ten".into()))
    );
    let wire = parse(&text).unwrap();
    assert_eq!(wire.published.unwrap().text, "Friday, 14 February, 2014, 2:47pm");
    let updated = wire.updated.unwrap();
    assert_eq!(&text[updated.span], "Saturday, 15 February, 2014, 9:05am");
    assert_eq!(wire.paragraphs, [Paragraph { text: "The text.".into(), pull_quote: false }]);
}

#[test]
fn two_blocks_are_headline_and_standfirst_unless_the_first_is_a_topic() {
    let of = |first: &str, second: &str| head(&format!("{first}\n\n{second}\n\n{DATES}"));
    assert_eq!(of("Port and harbour", "Night ferry returns to the quay").0, Some("Port and harbour".into()));
    // A topic has at most four words, is no sentence, and is shorter than the headline.
    assert_eq!(of("Ferry returns after long winter", "It took eleven weeks to mend it").0, None);
    assert_eq!(of("It is back!", "Night ferry returns to the quay").0, None);
    assert_eq!(of("Night ferry returns", "At ten").2, Some("At ten".into()));
}

#[test]
fn one_block_is_the_headline() {
    assert_eq!(head(&format!("Night ferry returns\n\n{DATES}")), (None, "Night ferry returns".into(), None));
    assert_eq!(head("Night ferry returns\npublished: 1 May 2014\n\nText").1, "Night ferry returns");
    assert_eq!(head("Night ferry returns\n\nText without dates.\n\nMore.").1, "Night ferry returns");
}

#[test]
fn byline_and_dateline_are_recognised() {
    for text in [
        format!("Ferry\n\nBy Ada Merriweather and Bo Li in Port Sallow\n\n{DATES}"),
        "Ferry\n\nPUBLISHED : 1 May 2014\n\nBy Ada Merriweather, Bo Li\n\nText.".to_owned(),
        "Ferry\n\nPUBLISHED : 1 May 2014\nBy Ada Merriweather & Bo Li\n\nText.".to_owned(),
    ] {
        let wire = parse(&text).unwrap();
        assert_eq!(wire.byline, Some(vec!["Ada Merriweather".to_owned(), "Bo Li".to_owned()]), "{text}");
        assert_eq!(wire.paragraphs.len(), 1, "{text}");
    }
    let wire = parse("Ferry\n\nPUBLISHED : 1 May 2014\n\nPORT SALLOW \u{2014} The boat is <back>.").unwrap();
    assert_eq!(wire.dateline.as_deref(), Some("PORT SALLOW"));
    assert_eq!(
        wire.to_html(Audience::Page),
        "<p><span class=\"dateline\">PORT SALLOW</span> \u{2014} The boat is &lt;back&gt;.</p>\n"
    );
    assert_eq!(parse("Ferry\n\nPUBLISHED : 1 May 2014\n\nBy noon it rained.").unwrap().byline, None);
}

#[test]
fn what_was_lifted_out_is_a_pull_quote() {
    let text = "Ferry\n\nPUBLISHED : 1 May 2014\n\n\
        \u{201c}We had the engine on the quay for weeks, and nobody was sure it would turn,\u{201d} she said.\n\n\
        \"We had the engine on the quay ... nobody was sure it would turn\"\n\n\
        Yes.\n\nYes.\n\nSo it was, and nobody knew.";
    let wire = parse(text).unwrap();
    let pulled: Vec<bool> = wire.paragraphs.iter().map(|paragraph| paragraph.pull_quote).collect();
    assert_eq!(pulled, [false, true, false, false, false]);
    assert!(
        wire.to_html(Audience::Page)
            .contains("<aside class=\"pull-quote\" aria-hidden=\"true\"><p>&quot;We had")
    );
    assert!(!wire.to_html(Audience::Feed).contains("pull-quote"));
}

#[test]
fn without_blocks_before_the_dates_there_is_no_headline() {
    for text in [DATES.to_owned(), format!("{DATES}\n\nThe boat is late.")] {
        let wire = parse(&text).unwrap();
        assert!(wire.published.is_some(), "{text}");
        assert_eq!((wire.kicker, wire.headline, wire.standfirst), (None, None, None), "{text}");
    }
}

#[test]
fn what_has_not_the_form_is_refused() {
    assert_eq!(parse(" \n\n"), Err(vec![WireError::Empty]));
    let long = parse(&format!("A b\n\nC d\n\nE f\n\nG h\n\n{DATES}")).unwrap_err();
    assert!(matches!(long[0], WireError::LongHead { found: 4, .. }));
    let twice = "Ferry\n\nPUBLISHED : 1 May 2014\nPUBLISHED : 2 May 2014\n\nText.";
    assert!(matches!(parse(twice).unwrap_err()[0], WireError::Twice { label: "PUBLISHED", .. }));
    assert!(matches!(
        parse("Ferry\n\nUPDATED : 1 May 2014\n\nText.").unwrap_err()[0],
        WireError::Unpublished { .. }
    ));
}

#[test]
fn a_text_of_many_paragraphs_is_read_in_good_time() {
    let text = format!("Head\n\nPUBLISHED : 1 May 2014\n\n{}", "one two three four\n\n".repeat(20_000));
    assert_eq!(parse(&text).unwrap().paragraphs.len(), 20_000);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|\n|PUBLISHED : |UPDATED:|By A|\u{2026}| - ){0,60}") {
        if let Ok(wire) = parse(&text) {
            let _ = (wire.to_html(Audience::Page), wire.excerpt().len());
        }
    }
}
