import os

AUTHOR = 'Wilma Hansen'
SITENAME = 'Pier notes'
SITESUBTITLE = "Boats and tides"
SITEURL = ''
PATH = 'content'
TIMEZONE = 'Europe/Paris'
DEFAULT_LANG = 'en'
DEFAULT_PAGINATION = 5
FEED_ALL_ATOM = None
STATIC_PATHS = ['images', 'extra']
EXTRA_PATH_METADATA = {
    'extra/humans.txt': {'path': 'humans.txt'},
}
MENUITEMS = (
    ('About', '/pages/about.html'),  # the only one
)
BUILD = os.environ.get('BUILD', 'none')
