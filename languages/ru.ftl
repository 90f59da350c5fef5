by =
    { $count ->
        [one] Автор:
       *[other] Авторы:
    }
published = Опубликовано
updated = Обновлено
minutes = мин чтения
reading_time =
    { $count ->
        [one] { $count } минута чтения
        [few] { $count } минуты чтения
       *[many] { $count } минут чтения
    }
correction = Исправление
corrections = Исправления
tags = Теги
contents = На этой странице
part = Часть
of = из
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = Ещё по теме
neighbours = Соседние статьи
before = Назад
after = Далее
withdrawn = Отозвано
withdrawn_on = Отозвано
withdrawn_text = Эта статья отозвана.
withdrawn_entry = { withdrawn }: { $title }
expired = Больше недоступно
expired_text = То, что здесь было, относилось к времени, которое уже прошло.
chapters = Главы
close = Закрыть
copy_link = Скопировать ссылку
docs_latest = Перейти к последней версии
docs_menu = Все страницы
docs_outdated = Здесь описана версия { $version }, она не последняя.
docs_version = Версия { $version }
edit_page = Изменить эту страницу
page_changes = Изменения этой страницы
enlarge = Увеличить изображение
print = Печать
share = Поделиться
email = Эл. почта
trail = Вы здесь
to_top = Наверх
transcript = Расшифровка

table = Числа
download_film = Скачать видео
download_recording = Скачать запись
alert_note = Примечание
alert_tip = Совет
alert_important = Важно
alert_warning = Предупреждение
alert_caution = Осторожно
footnote_back = Назад к сноске { $number }
task_done = выполнено
task_open = не выполнено

skip = Перейти к тексту
main = Основная навигация
archive = Архив
subscribe = Подписаться
colours = Цвета
light = светлые
dark = тёмные
auto = автоматически
copy = Копировать
copied = Скопировано
announcement = Объявление
close = Закрыть
submenu = подменю

latest = Последние статьи
by_month = статьи по месяцам
pages = Страницы
newer = Новее
older = Старее
page_before = Предыдущая страница
page_after = Следующая страница
taxonomy_authors = Авторы
taxonomy_topics = Темы
taxonomy_tags = Теги
taxonomy_series = Серии
nothing_yet = Здесь пока ничего не опубликовано.

not_found = Здесь ничего нет
not_found_text = Возможно, страница перенесена или в адресе ошибка.
moved = Перенесено
moved_text = Эта страница теперь находится по адресу

subscribe_text = Лента сама доставляет каждую новую статью в программу для чтения: без учётной записи, без указания адреса и без посредников.
all_feeds = Все ленты вместе, для программ, которые импортируют список:
feed_newest = Новые статьи:
feed_history = Все статьи, самые новые сразу:
feed_whole = полностью
feed_short = кратко
group_everything = Всё
group_sections = Разделы
group_selections = Подборки
open_in_reader = Открыть в программе для чтения
read_in_app = приложение на этом устройстве
read_in_podcast_app = приложение для подкастов
feed_intro = Это лента, предназначенная для программ чтения: скопируйте её адрес из адресной строки в одну из них, и каждая новая статья будет приходить к вам сама, без учётной записи и без адреса электронной почты. Ниже показано, что в ней сейчас.

search = Поиск
search_text = Что искать
search_without = Для поиска нужен JavaScript. Без него статьи можно найти по теме и по дате:
search_results = Результаты
search_none = Ничего не найдено
search_more = Ещё результаты
search_section = Раздел
search_author = Автор
search_year = Год
search_all = все
