//! The view of a front: what the first page of a section's list shows beside its articles.

use tera::Value;

use super::picture::picture;
use super::{Fields, Views};
use crate::picture::Seen;
use crate::site::library::{Front, LeafId, Section};
use crate::source::{Document, Feature, Hero};

impl Views<'_> {
    /// The front of `section` with the articles of `front`; `cards` makes their cards.
    pub fn front(&self, section: &Section, front: &Front, cards: &dyn Fn(&[LeafId]) -> Vec<Value>) -> Value {
        let document = section.settled.document.as_deref();
        let landing = document.and_then(|document| Some((document, document.front.landing()?)));
        let hero = landing.and_then(|(document, landing)| Some(self.hero(document, landing.hero.as_ref()?)));
        let features = landing.iter().flat_map(|(document, landing)| {
            landing.features.iter().map(|feature| self.feature(document, feature))
        });
        let opening = section.opening().and_then(|(document, image)| {
            let legend = document.front.legend.as_deref();
            (self.pictures.written)(&document.name, image, legend)
        });
        map! {
            "kind" => section.settled.front.key(),
            "lines" => cards(&front.lines),
            "lead" => cards(front.lead.as_slice()).pop(),
            "stories" => cards(&front.stories),
            "bands" => self.blocks(front.bands.iter().map(|(at, ids)| (*at, cards(ids)))),
            "rest" => cards(&front.rest),
            "hero" => hero,
            "picture" => opening.map(|shown| picture(&shown, Seen::First)),
            "features" => features.collect::<Vec<Value>>(),
        }
    }

    /// The blocks of a front page: sections, by index, each with the cards of some of its articles.
    pub fn blocks(&self, blocks: impl Iterator<Item = (usize, Vec<Value>)>) -> Value {
        let block = |(section, cards): (usize, Vec<Value>)| {
            let mut fields = Fields::of(&self.sections[section]);
            fields.set("articles", cards);
            Value::from(fields)
        };
        Value::from(blocks.map(block).collect::<Vec<_>>())
    }

    fn hero(&self, document: &Document, hero: &Hero) -> Value {
        let button = |button: &crate::source::Button| {
            let url = (self.pictures.url)(&document.name, &button.url.value);
            map! { "title" => button.title.as_str(), "url" => url }
        };
        map! {
            "title" => hero.title.clone(),
            "text" => hero.text.clone(),
            "command" => hero.command.clone(),
            "buttons" => hero.buttons.iter().map(button).collect::<Vec<Value>>(),
        }
    }

    fn feature(&self, document: &Document, feature: &Feature) -> Value {
        map! {
            "title" => feature.title.as_str(),
            "text" => feature.text.clone(),
            "icon" => feature.icon.clone(),
            "url" => feature.url.as_ref().map(|url| (self.pictures.url)(&document.name, &url.value)),
        }
    }
}
