by =
    { $count ->
        [one] Автор:
       *[other] Автори:
    }
published = Опубліковано
updated = Оновлено
minutes = хв читання
reading_time =
    { $count ->
        [one] { $count } хвилина читання
        [few] { $count } хвилини читання
       *[many] { $count } хвилин читання
    }
correction = Виправлення
corrections = Виправлення
tags = Теги
contents = На цій сторінці
part = Частина
of = з
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = Більше на цю тему
neighbours = Сусідні статті
before = Назад
after = Далі
withdrawn = Відкликано
withdrawn_on = Відкликано
withdrawn_text = Цю статтю відкликано.
withdrawn_entry = { withdrawn }: { $title }
expired = Більше недоступно
expired_text = Те, що тут було, стосувалося часу, який уже минув.
chapters = Розділи
close = Закрити
copy_link = Скопіювати посилання
docs_latest = Перейти до останньої версії
docs_menu = Усі сторінки
docs_outdated = Тут описано версію { $version }, вона не остання.
docs_version = Версія { $version }
edit_page = Редагувати цю сторінку
page_changes = Зміни цієї сторінки
enlarge = Збільшити зображення
print = Друк
share = Поділитися
email = Електронна пошта
trail = Ви тут
to_top = Нагору
transcript = Розшифровка

table = Числа
download_film = Завантажити відео
download_recording = Завантажити запис
alert_note = Примітка
alert_tip = Порада
alert_important = Важливо
alert_warning = Попередження
alert_caution = Обережно
footnote_back = Назад до посилання { $number }
task_done = виконано
task_open = не виконано

skip = Перейти до тексту
main = Головна навігація
archive = Архів
subscribe = Підписатися
colours = Кольори
light = світлі
dark = темні
auto = автоматичні
copy = Копіювати
copied = Скопійовано
announcement = Оголошення
close = Закрити
submenu = підменю

latest = Останні статті
by_month = статті за місяцями
pages = Сторінки
newer = Новіші
older = Старіші
page_before = Попередня сторінка
page_after = Наступна сторінка
taxonomy_authors = Автори
taxonomy_topics = Теми
taxonomy_tags = Теги
taxonomy_series = Серії
nothing_yet = Тут ще нічого не опубліковано.

not_found = Тут нічого немає
not_found_text = Можливо, сторінку перенесено або в адресі є помилка.
moved = Перенесено
moved_text = Ця сторінка тепер за адресою

subscribe_text = Стрічка сама доставляє кожну нову статтю до програми для читання: без облікового запису, без надання адреси й без посередників.
all_feeds = Усі стрічки разом, для програм, що імпортують список:
feed_newest = Найновіші статті:
feed_history = Усі статті, найновіші одразу:
feed_whole = повністю
feed_short = стисло
group_everything = Усе
group_sections = Розділи
group_selections = Добірки
open_in_reader = Відкрити в програмі для читання
read_in_app = програма на цьому пристрої
read_in_podcast_app = програма для подкастів
feed_intro = Це стрічка, призначена для програм читання: скопіюйте її адресу з адресного рядка в одну з них, і кожна нова стаття надходитиме до вас сама, без облікового запису й електронної адреси. Нижче показано, що в ній є зараз.

search = Пошук
search_text = Що шукати
search_without = Для пошуку потрібен JavaScript. Без нього статті можна знайти за темою та за датою:
search_results = Результати
search_none = Нічого не знайдено
search_more = Ще результати
search_section = Розділ
search_author = Автор
search_year = Рік
search_all = усі
