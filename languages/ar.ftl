by = بقلم
published = نُشر في
updated = حُدّث في
minutes = دقائق قراءة
reading_time =
    { $count ->
        [one] دقيقة واحدة للقراءة
        [two] دقيقتان للقراءة
        [few] { $count } دقائق للقراءة
        [many] { $count } دقيقة للقراءة
       *[other] { $count } دقيقة للقراءة
    }
correction = تصويب
corrections = تصويبات
tags = الوسوم
contents = في هذه الصفحة
part = الجزء
of = من
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = المزيد حول هذا الموضوع
neighbours = مقالات مجاورة
before = السابق
after = التالي
withdrawn = سُحب
withdrawn_on = سُحب في
withdrawn_text = سُحب هذا المقال.
withdrawn_entry = { withdrawn }: { $title }
expired = لم يعد متاحًا هنا
expired_text = كان ما نُشر هنا يخصّ فترة انقضت.
chapters = الفصول
close = إغلاق
copy_link = نسخ الرابط
docs_latest = الانتقال إلى أحدث إصدار
docs_menu = كل الصفحات
docs_outdated = هذا وصف للإصدار { $version }، وهو ليس الأحدث.
docs_version = الإصدار { $version }
edit_page = تعديل هذه الصفحة
page_changes = التغييرات في هذه الصفحة
enlarge = تكبير الصورة
print = طباعة
share = مشاركة
email = البريد الإلكتروني
trail = أنت هنا
to_top = العودة إلى الأعلى
transcript = النص المكتوب

table = الأرقام
download_film = تنزيل الفيديو
download_recording = تنزيل التسجيل
alert_note = ملاحظة
alert_tip = نصيحة
alert_important = مهم
alert_warning = تحذير
alert_caution = تنبيه
footnote_back = العودة إلى الإحالة { $number }
task_done = منجز
task_open = قيد الإنجاز

skip = انتقل إلى النص
main = القائمة الرئيسية
archive = الأرشيف
subscribe = اشترك
colours = الألوان
light = فاتحة
dark = داكنة
auto = تلقائية
copy = نسخ
copied = تم النسخ
announcement = إعلان
close = إغلاق
submenu = قائمة فرعية

latest = الأحدث
by_month = المقالات حسب الشهر
pages = الصفحات
newer = الأحدث
older = الأقدم
page_before = الصفحة السابقة
page_after = الصفحة التالية
taxonomy_authors = الكتّاب
taxonomy_topics = المواضيع
taxonomy_tags = الوسوم
taxonomy_series = السلاسل
nothing_yet = لم يُنشر شيء هنا بعد.

not_found = لا شيء هنا
not_found_text = ربما نُقلت الصفحة، أو أن في العنوان خطأ.
moved = نُقلت الصفحة
moved_text = انتقلت هذه الصفحة إلى

subscribe_text = تُوصل الخلاصة كل مقال جديد تلقائيًا إلى قارئ الخلاصات: بلا حساب، وبلا عنوان تعطيه، وبلا وسيط.
all_feeds = كل الخلاصات معًا، للقارئات التي تستورد قائمة:
feed_newest = أحدث المقالات:
feed_history = كل المقالات، وأحدثها فورًا:
feed_whole = كاملة
feed_short = مختصرة
group_everything = كل شيء
group_sections = الأقسام
group_selections = المختارات
open_in_reader = افتح في قارئ
read_in_app = تطبيق على هذا الجهاز
read_in_podcast_app = تطبيق بودكاست
feed_intro = هذه خلاصة أُعدّت لقارئات الخلاصات: انسخ عنوانها من شريط العناوين إلى أحدها ليصلك كل مقال جديد تلقائيًا، من دون حساب ومن دون بريد إلكتروني. وفيما يلي ما تحتويه الآن.

search = بحث
search_text = الكلمات المطلوبة
search_without = البحث يحتاج إلى جافا سكربت. ومن دونه تُقرأ المقالات بحسب الموضوع أو التاريخ:
search_results = النتائج
search_none = لا توجد نتائج
search_more = نتائج أخرى
search_section = القسم
search_author = الكاتب
search_year = السنة
search_all = الكل
