import os
import sys

sys.path.append(os.curdir)
from pelicanconf import *

SITEURL = 'https://pier.example'
FEED_ALL_ATOM = 'feeds/all.atom.xml'
FEED_ALL_RSS = 'feeds/all.rss.xml'
