by =
    { $count ->
        [one] Yazan:
       *[other] Yazanlar:
    }
published = Yayımlanma:
updated = Güncellenme:
minutes = dk okuma
reading_time = { $count } dakikalık okuma
correction = Düzeltme
corrections = Düzeltmeler
tags = Etiketler
contents = Bu sayfada
part = Bölüm
of = /
part_of = { $count } bölümün { $position }. bölümü
part_number = { $number }. bölüm
related = Bu konuda daha fazlası
neighbours = Komşu yazılar
before = Önceki
after = Sonraki
withdrawn = Geri çekildi
withdrawn_on = Geri çekilme:
withdrawn_text = Bu yazı geri çekildi.
withdrawn_entry = { withdrawn }: { $title }
expired = Artık burada değil
expired_text = Burada bulunan içerik, artık geçmiş bir döneme aitti.

table = Rakamlar
download_film = Videoyu indir
download_recording = Kaydı indir
alert_note = Not
alert_tip = İpucu
alert_important = Önemli
alert_warning = Uyarı
alert_caution = Dikkat
footnote_back = { $number } numaralı göndermeye dön
task_done = yapıldı
task_open = yapılacak

skip = Metne geç
main = Ana menü
archive = Arşiv
subscribe = Abone ol
colours = Renkler
light = açık
dark = koyu
auto = otomatik
copy = Kopyala
copied = Kopyalandı
announcement = Duyuru
close = Kapat
submenu = alt menü

latest = Son yazılar
by_month = aylara göre yazılar
pages = Sayfalar
newer = Daha yeni
older = Daha eski
page_before = Önceki sayfa
page_after = Sonraki sayfa
taxonomy_authors = Yazarlar
taxonomy_topics = Konular
taxonomy_tags = Etiketler
taxonomy_series = Diziler

not_found = Burada bir şey yok
not_found_text = Sayfa taşınmış olabilir veya adreste bir yanlışlık olabilir.
moved = Taşındı
moved_text = Bu sayfanın yeni adresi:

subscribe_text = Bir akış, her yeni yazıyı kendiliğinden bir akış okuyucuya getirir: hesap açmadan, adres vermeden ve arada kimse olmadan.
all_feeds = Liste içe aktaran okuyucular için bütün akışlar birlikte:
feed_newest = En yeni yazılar:
feed_history = Bütün yazılar, en yeniler hemen:
feed_whole = tam metin
feed_short = özet
group_everything = Her şey
group_sections = Bölümler
group_selections = Seçkiler
open_in_reader = Bir okuyucuda aç
read_in_app = bu cihazdaki bir uygulama
read_in_podcast_app = bir podcast uygulaması
feed_intro = Bu bir akıştır ve akış okuyucular için hazırlanmıştır: adresini adres çubuğundan bir okuyucuya kopyalayın; her yeni yazı hesap ve e-posta adresi gerekmeden kendiliğinden size gelir. Aşağıda şu anda içerdikleri yer alır.

search = Ara
search_text = Aranacak sözcükler
search_without = Arama için JavaScript gerekir. Onsuz yazılar konuya ve tarihe göre bulunur:
search_results = Sonuçlar
search_none = Sonuç yok
search_more = Daha fazla sonuç
search_section = Bölüm
search_author = Yazar
search_year = Yıl
search_all = tümü
