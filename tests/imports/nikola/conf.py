import time

BLOG_AUTHOR = "Wilma Hansen"
BLOG_TITLE = "Tide book"
SITE_URL = "https://tide.example/"
BLOG_EMAIL = "wilma@tide.example"
BLOG_DESCRIPTION = "High and low"
DEFAULT_LANG = "en"
TIMEZONE = "Europe/Zurich"
POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
    ("posts/*.rst", "posts", "post.tmpl"),
)
PAGES = (
    ("pages/*.md", "", "page.tmpl"),
)
NAVIGATION_LINKS = {
    DEFAULT_LANG: (("/archive.html", "Archive"),),
}
REDIRECTIONS = [("old.html", "/posts/crane-day/")]
