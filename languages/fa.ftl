by =
    { $count ->
        [one] نویسنده:
       *[other] نویسندگان:
    }
published = انتشار:
updated = به‌روزرسانی:
minutes = دقیقه مطالعه
reading_time = { $count } { minutes }
correction = اصلاحیه
corrections = اصلاحیه‌ها
tags = برچسب‌ها
contents = در این صفحه
part = بخش
of = از
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = بیشتر در این باره
neighbours = مطالب مجاور
before = مطلب پیشین
after = مطلب بعدی
withdrawn = پس گرفته شد
withdrawn_on = پس گرفته شد:
withdrawn_text = این مطلب پس گرفته شده است.
withdrawn_entry = { withdrawn }: { $title }
expired = دیگر اینجا نیست
expired_text = آنچه اینجا بود به زمانی مربوط می‌شد که گذشته است.

table = ارقام
download_film = دریافت فیلم
download_recording = دریافت صدا
alert_note = توجه
alert_tip = نکته
alert_important = مهم
alert_warning = هشدار
alert_caution = احتیاط
footnote_back = بازگشت به ارجاع { $number }
task_done = انجام شد
task_open = انجام نشده

skip = پرش به متن
main = فهرست اصلی
archive = بایگانی
subscribe = اشتراک
colours = رنگ‌ها
light = روشن
dark = تیره
auto = خودکار
copy = رونوشت
copied = رونوشت برداشته شد
announcement = اطلاعیه
close = بستن
submenu = زیرمنو

latest = تازه‌ترین‌ها
by_month = مطالب بر اساس ماه
pages = صفحه‌ها
newer = تازه‌تر
older = قدیمی‌تر
page_before = صفحهٔ پیشین
page_after = صفحهٔ بعدی
taxonomy_authors = نویسندگان
taxonomy_topics = موضوع‌ها
taxonomy_tags = برچسب‌ها
taxonomy_series = مجموعه‌ها

not_found = اینجا چیزی نیست
not_found_text = شاید صفحه جابه‌جا شده باشد یا نشانی اشتباهی داشته باشد.
moved = جابه‌جا شد
moved_text = این صفحه اکنون در این نشانی است:

subscribe_text = خوراک هر مطلب تازه را خودبه‌خود به خوراک‌خوان می‌رساند: بدون حساب کاربری، بدون دادن نشانی و بدون واسطه.
all_feeds = همهٔ خوراک‌ها با هم، برای خوراک‌خوان‌هایی که فهرست وارد می‌کنند:
feed_newest = تازه‌ترین مطالب:
feed_history = همهٔ مطالب، تازه‌ترین‌ها بی‌درنگ:
feed_whole = کامل
feed_short = کوتاه
group_everything = همه چیز
group_sections = بخش‌ها
group_selections = گزیده‌ها
open_in_reader = باز کردن در خوراک‌خوان
read_in_app = برنامه‌ای در این دستگاه
read_in_podcast_app = برنامهٔ پادکست
feed_intro = این یک خوراک است که برای خوراک‌خوان‌ها ساخته شده است: نشانی آن را از نوار نشانی در یکی از آن‌ها رونوشت کنید تا هر مطلب تازه خودبه‌خود، بدون حساب کاربری و بدون نشانی رایانامه، به شما برسد. آنچه اکنون در آن است در زیر آمده است.

search = جستجو
search_text = واژه‌های جستجو
search_without = جستجو به جاوااسکریپت نیاز دارد. بدون آن، مقاله‌ها را بر پایهٔ موضوع و تاریخ بیابید:
search_results = نتایج
search_none = چیزی یافت نشد
search_more = نتایج بیشتر
search_section = بخش
search_author = نویسنده
search_year = سال
search_all = همه
