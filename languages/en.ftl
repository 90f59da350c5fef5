# The words of the theme. `languages/en.ftl` in a site replaces single ones of them.

## Around the text of an article

by = By
published = Published
updated = Updated
# For screen readers and templates of sites; the theme says `reading_time`.
minutes = min read
reading_time = { $count } { minutes }
correction = Correction
corrections = Corrections
tags = Tags
contents = On this page
part = Part
of = of
part_of = { part } { $position } { of } { $count }
part_number = { part } { $number }
related = More on this
neighbours = Neighbouring articles
before = Previous
after = Next
withdrawn = Withdrawn
withdrawn_on = { withdrawn }
withdrawn_text = This article was withdrawn.
withdrawn_entry = { withdrawn }: { $title }
expired = No longer here
expired_text = What was here was meant for a time that is over.
chapters = Chapters
close = Close
copy_link = Copy link
docs_latest = Go to the latest version
docs_menu = All pages
docs_outdated = This describes version { $version }, which is not the latest.
docs_version = Version { $version }
edit_page = Edit this page
page_changes = Changes to this page
enlarge = Enlarge the picture
print = Print
share = Share
email = E-mail
trail = You are here
to_top = Back to top
transcript = Transcript

## In texts

table = The numbers
download_film = Download the film
download_recording = Download the recording
alert_note = Note
alert_tip = Tip
alert_important = Important
alert_warning = Warning
alert_caution = Caution
footnote_back = Back to reference { $number }
task_done = done
task_open = to do

## On every page

skip = Skip to the text
main = Main
archive = Archive
subscribe = Subscribe
colours = Colours
light = light
dark = dark
auto = automatic
copy = Copy
copied = Copied
announcement = Announcement
close = Close
submenu = submenu

## Lists

latest = Latest
by_month = articles by month
pages = Pages
newer = Newer
older = Older
page_before = Previous page
page_after = Next page
taxonomy_authors = Authors
taxonomy_topics = Topics
taxonomy_tags = Tags
taxonomy_series = Series
nothing_yet = Nothing has been published here yet.

## Pages that are not there

not_found = Nothing is here
not_found_text = The page may have moved, or the address may have a slip in it.
moved = Moved
moved_text = This has moved to

## For subscribers

subscribe_text = A feed brings every new article to a feed reader by itself: no account, no address to give away, and nobody in between.
all_feeds = All feeds together, for readers that import a list:
feed_newest = Newest articles:
feed_history = All articles, the newest at once:
feed_whole = whole
feed_short = in short
group_everything = Everything
group_sections = Sections
group_selections = Selections
open_in_reader = Open in a reader
read_in_app = an app on this device
read_in_podcast_app = a podcast app
feed_intro = This is a feed. It is made for feed readers: copy its address from the address bar into one, and every new article comes to you by itself, without an account and without an e-mail address. Below is what it holds at present.

search = Search
search_text = Words to search for
search_without = Searching needs JavaScript. Without it, find articles by topic and by date:
search_results = Results
search_none = Nothing found
search_more = More results
search_section = Section
search_author = Author
search_year = Year
search_all = all
