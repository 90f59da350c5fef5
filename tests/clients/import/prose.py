"""Shared by the scripts of this folder: texts of a small harbour paper, always the same."""

import random
from datetime import datetime, timedelta

PEOPLE = ["Wilma Hansen", "Jens Petersen", "Ada Brook", "Olga Stern"]
SUBJECTS = ["crane", "ferry", "tide", "lock", "pilot", "beacon", "net", "buoy", "anchor", "rope", "quay", "storm"]
VERBS = ["waits for", "meets", "passes", "lifts", "loses", "finds", "mends", "watches", "leaves", "follows"]
PLACES = ["at the north pier", "by the old customs house", "under the bridge", "in the outer harbour", "off the sandbank"]
TIMES = ["before dawn", "at noon", "all night", "on the ebb", "since Monday", "for the third time this year"]
TAGS = ["Cranes", "low water", "ferries", "C++", "Über uns", "people"]
CATEGORIES = ["works", "sea", "town"]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><path d="M0 300 300 20 600 300z"/></svg>\n'


class Article:
    """An article: a title, a moment, and a text of some paragraphs in Markdown."""

    def __init__(self, number, of):
        subject, verb, other = of.choice(SUBJECTS), of.choice(VERBS), of.choice(SUBJECTS)
        self.number = number
        self.title = f"The {subject} {verb} the {other}, part {number}"
        self.slug = f"{subject}-{other}-{number}"
        self.when = datetime(2019, 1, 3, 6, 15) + timedelta(days=11 * number, minutes=37 * number)
        self.author = of.choice(PEOPLE)
        self.tags = sorted(of.sample(TAGS, of.randint(0, 3)))
        self.category = of.choice(CATEGORIES)
        self.text = "\n\n".join(self.part(kind, of) for kind in of.sample(range(9), of.randint(3, 7)))

    def sentence(self, of):
        return f"The {of.choice(SUBJECTS)} {of.choice(VERBS)} the {of.choice(SUBJECTS)} {of.choice(PLACES)} {of.choice(TIMES)}."

    def part(self, kind, of):
        lines = [self.sentence(of) for _ in range(4)]
        match kind:
            case 0:
                return f"## Heading {self.number}: the {of.choice(SUBJECTS)}\n\n{lines[0]} *{lines[1]}* **{lines[2]}**"
            case 1:
                return "\n".join(f"- {line}" for line in lines)
            case 2:
                return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
            case 3:
                return f"> {lines[0]}\n> {lines[1]}"
            case 4:
                return f"```python\ntide = {self.number}\nprint(tide, '{of.choice(SUBJECTS)}')\n```"
            case 5:
                return f"| Day | High water |\n| --- | --- |\n| Monday | {of.randint(0, 23)}:15 |\n| Friday | {of.randint(0, 23)}:40 |"
            case 6:
                return f"{lines[0]} See `tide --in {self.number}` and [the harbour](https://harbour.example/{self.number})."
            case 7:
                return f"{lines[0]} \"{lines[1]}\" said {self.author} -- it wasn't the first time..."
            case _:
                return " ".join(lines)


def articles(count, seed):
    """`count` articles, the oldest first; the same for the same `seed`."""
    of = random.Random(seed)
    return [Article(number, of) for number in range(count)]
