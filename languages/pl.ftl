by =
    { $count ->
        [one] Autor:
       *[other] Autorzy:
    }
published = Opublikowano
updated = Zaktualizowano
minutes = min czytania
reading_time =
    { $count ->
        [one] { $count } minuta czytania
        [few] { $count } minuty czytania
       *[many] { $count } minut czytania
    }
correction = Sprostowanie
corrections = Sprostowania
tags = Tagi
contents = Na tej stronie
part = Część
of = z
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = Więcej na ten temat
neighbours = Sąsiednie artykuły
before = Wstecz
after = Dalej
withdrawn = Wycofano
withdrawn_on = Wycofano
withdrawn_text = Ten artykuł został wycofany.
withdrawn_entry = { withdrawn }: { $title }
expired = Już niedostępne
expired_text = To, co tu było, dotyczyło czasu, który już minął.
chapters = Rozdziały
close = Zamknij
copy_link = Kopiuj link
docs_latest = Przejdź do najnowszej wersji
docs_menu = Wszystkie strony
docs_outdated = To jest opis wersji { $version }, która nie jest najnowsza.
docs_version = Wersja { $version }
edit_page = Edytuj tę stronę
page_changes = Zmiany na tej stronie
enlarge = Powiększ zdjęcie
print = Drukuj
share = Udostępnij
email = E-mail
trail = Jesteś tutaj
to_top = Do góry
transcript = Transkrypcja

table = Liczby
download_film = Pobierz film
download_recording = Pobierz nagranie
alert_note = Uwaga
alert_tip = Wskazówka
alert_important = Ważne
alert_warning = Ostrzeżenie
alert_caution = Ostrożnie
footnote_back = Wróć do odnośnika { $number }
task_done = zrobione
task_open = do zrobienia

skip = Przejdź do tekstu
main = Główna nawigacja
archive = Archiwum
subscribe = Subskrybuj
colours = Kolory
light = jasne
dark = ciemne
auto = automatyczne
copy = Kopiuj
copied = Skopiowano
announcement = Ogłoszenie
close = Zamknij
submenu = podmenu

latest = Najnowsze
by_month = artykuły według miesięcy
pages = Strony
newer = Nowsze
older = Starsze
page_before = Poprzednia strona
page_after = Następna strona
taxonomy_authors = Autorzy
taxonomy_topics = Tematy
taxonomy_tags = Tagi
taxonomy_series = Serie
nothing_yet = Nic tu jeszcze nie opublikowano.

not_found = Nic tu nie ma
not_found_text = Strona mogła zostać przeniesiona albo w adresie jest błąd.
moved = Przeniesiono
moved_text = Ta strona jest teraz pod adresem

subscribe_text = Kanał sam dostarcza każdy nowy artykuł do czytnika: bez konta, bez podawania adresu i bez pośredników.
all_feeds = Wszystkie kanały razem, dla czytników, które importują listę:
feed_newest = Najnowsze artykuły:
feed_history = Wszystkie artykuły, od razu najnowsze:
feed_whole = w całości
feed_short = w skrócie
group_everything = Wszystko
group_sections = Działy
group_selections = Wybory
open_in_reader = Otwórz w czytniku
read_in_app = aplikacja na tym urządzeniu
read_in_podcast_app = aplikacja do podcastów
feed_intro = To jest kanał przeznaczony dla czytników: skopiuj jego adres z paska adresu do jednego z nich, a każdy nowy artykuł dotrze do Ciebie sam, bez konta i bez adresu e-mail. Poniżej widać, co zawiera teraz.

search = Szukaj
search_text = Szukane słowa
search_without = Wyszukiwanie wymaga JavaScriptu. Bez niego artykuły można znaleźć według tematu i daty:
search_results = Wyniki
search_none = Nic nie znaleziono
search_more = Więcej wyników
search_section = Dział
search_author = Autor
search_year = Rok
search_all = wszystkie
