by = מאת
published = פורסם:
updated = עודכן:
minutes = דקות קריאה
reading_time =
    { $count ->
        [one] דקת קריאה אחת
        [two] שתי דקות קריאה
       *[other] { $count } דקות קריאה
    }
correction = תיקון
corrections = תיקונים
tags = תגיות
contents = בעמוד זה
part = חלק
of = מתוך
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = עוד בנושא
neighbours = כתבות סמוכות
before = הקודם
after = הבא
withdrawn = הוסר
withdrawn_on = הוסר:
withdrawn_text = הכתבה הזאת הוסרה.
withdrawn_entry = { withdrawn }: { $title }
expired = כבר לא כאן
expired_text = מה שהיה כאן נגע לתקופה שכבר הסתיימה.
chapters = פרקים
close = סגירה
copy_link = העתקת הקישור
docs_latest = מעבר לגרסה האחרונה
docs_menu = כל הדפים
docs_outdated = כאן מתוארת גרסה { $version }, שאינה האחרונה.
docs_version = גרסה { $version }
edit_page = עריכת הדף
page_changes = השינויים בדף
enlarge = הגדלת התמונה
print = הדפסה
share = שיתוף
email = דוא״ל
trail = המיקום שלכם
to_top = חזרה למעלה
transcript = תמליל

table = המספרים
download_film = הורדת הסרטון
download_recording = הורדת ההקלטה
alert_note = הערה
alert_tip = טיפ
alert_important = חשוב
alert_warning = אזהרה
alert_caution = זהירות
footnote_back = חזרה להפניה { $number }
task_done = בוצע
task_open = לביצוע

skip = דילוג לטקסט
main = תפריט ראשי
archive = ארכיון
subscribe = הרשמה
colours = צבעים
light = בהיר
dark = כהה
auto = אוטומטי
copy = העתקה
copied = הועתק
announcement = הודעה
close = סגירה
submenu = תפריט משנה

latest = הכתבות האחרונות
by_month = כתבות לפי חודש
pages = עמודים
newer = חדשות יותר
older = ישנות יותר
page_before = העמוד הקודם
page_after = העמוד הבא
taxonomy_authors = כותבים
taxonomy_topics = נושאים
taxonomy_tags = תגיות
taxonomy_series = סדרות
nothing_yet = עדיין לא פורסם כאן דבר.

not_found = אין כאן דבר
not_found_text = ייתכן שהעמוד הועבר, או שיש טעות בכתובת.
moved = הועבר
moved_text = העמוד הזה נמצא עכשיו בכתובת

subscribe_text = הזנה מביאה מעצמה כל כתבה חדשה לקורא הזנות: בלי חשבון, בלי למסור כתובת ובלי אף אחד באמצע.
all_feeds = כל ההזנות יחד, לקוראים שמייבאים רשימה:
feed_newest = הכתבות החדשות ביותר:
feed_history = כל הכתבות, החדשות ביותר מיד:
feed_whole = במלואן
feed_short = בקצרה
group_everything = הכול
group_sections = מדורים
group_selections = מבחר
open_in_reader = פתיחה בקורא
read_in_app = יישום במכשיר הזה
read_in_podcast_app = יישום פודקאסטים
feed_intro = זוהי הזנה שנועדה לקוראי הזנות: העתיקו את כתובתה משורת הכתובת לאחד מהם, וכל כתבה חדשה תגיע אליכם מעצמה, בלי חשבון ובלי כתובת דואר אלקטרוני. להלן מה שהיא מכילה כרגע.

search = חיפוש
search_text = מילים לחיפוש
search_without = החיפוש דורש JavaScript. בלעדיו אפשר למצוא כתבות לפי נושא ולפי תאריך:
search_results = תוצאות
search_none = לא נמצא דבר
search_more = תוצאות נוספות
search_section = מדור
search_author = מחבר
search_year = שנה
search_all = הכול
