//! The function and the filters for words, numbers and lists of names. They speak the language of the page, which is the
//! template's value `lang`, or the one that they are told.
//!
//! | function or filter | gives |
//! | --- | --- |
//! | `word(key=, lang=)` | a word of the theme or of the site; other arguments are the numbers and texts for its places |
//! | `number(decimals=, lang=)` | a number in groups of digits |
//! | `names(lang=)` | a list of texts as one: `Ada, Bo and Cy` |
//! | `bdi(lang=)` | a text for HTML, in a `bdi` element if it has letters of the other direction |
//! | `separator(count=, next=, lang=)` | the text before the name at this index of `count` names, where `next` is that name |

use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::config::Config;
use crate::language::{Arguments, KEYS, Language, Languages, is_rtl as is_rtl_letter};
use crate::model::html;
use crate::model::suggest::nearest;

/// The names of the filters.
pub(super) const FILTERS: [&str; 4] = ["bdi", "names", "number", "separator"];

/// The name of the function.
pub(super) const WORD: &str = "word";

/// The value of a template with the language of its page.
pub(super) const LANG: &str = "lang";

/// Arguments of the function that are not for a message.
const OWN: [&str; 2] = ["key", "lang"];

pub(super) fn register(tera: &mut Tera, config: &Config) {
    let languages = config.words.clone();
    tera.register_function(WORD, move |kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let key = kwargs.must_get::<&str>("key")?;
        let language = language(&languages, &kwargs, state)?;
        let mut arguments = Arguments::default();
        let passed = kwargs.iter().filter_map(|(name, value)| Some((name.as_str()?, value)));
        for (name, value) in passed.filter(|(name, _)| !OWN.contains(name)) {
            match value.as_u64() {
                Some(number) => arguments.numbers.push((name.to_owned(), number)),
                None => arguments.texts.push((name.to_owned(), value.to_string())),
            }
        }
        language.message(key, &arguments).ok_or_else(|| unknown(key))
    });
    let languages = config.words.clone();
    tera.register_filter("number", move |value: f64, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let decimals = kwargs.get::<usize>("decimals")?.map(|decimals| decimals.min(20));
        let decimals = decimals.unwrap_or_else(|| crate::render::chart::decimals(std::iter::once(value)));
        Ok(language(&languages, &kwargs, state)?.locale().number(value, decimals))
    });
    let languages = config.words.clone();
    tera.register_filter("bdi", move |text: String, kwargs: Kwargs, state: &State| -> TeraResult<Value> {
        let is_rtl = language(&languages, &kwargs, state)?.direction() == "rtl";
        let text_in = html::escape(&text);
        let html = match text.chars().any(|letter| letter.is_alphabetic() && is_rtl_letter(letter) != is_rtl)
        {
            true => format!("<bdi>{text_in}</bdi>"),
            false => text_in.into_owned(),
        };
        Ok(Value::safe_string(&html))
    });
    let languages = config.words.clone();
    tera.register_filter(
        "names",
        move |names: Vec<String>, kwargs: Kwargs, state: &State| -> TeraResult<String> {
            let language = language(&languages, &kwargs, state)?;
            let before = |at: usize| match at {
                0 => String::new(),
                at => language.between(at - 1, names.len(), &names[at]),
            };
            Ok(names.iter().enumerate().map(|(at, name)| before(at) + name).collect())
        },
    );
    let languages = config.words.clone();
    tera.register_filter("separator", move |at: u64, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let (count, next) = (kwargs.must_get::<u64>("count")?, kwargs.get::<String>("next")?);
        let Some(before) = at.checked_sub(1) else { return Ok(String::new()) };
        let language = language(&languages, &kwargs, state)?;
        Ok(language.between(before as usize, count as usize, &next.unwrap_or_default()))
    });
}

/// The language that the caller names, else that of the page, else the site's.
pub(super) fn language(languages: &Languages, kwargs: &Kwargs, state: &State) -> TeraResult<Arc<Language>> {
    let named = kwargs.get::<String>(LANG)?;
    let tag = named.filter(|tag| !tag.is_empty()).or_else(|| of_page(state));
    Ok(tag.map_or_else(|| languages.site().clone(), |tag| languages.of(&tag)))
}

/// The language of the page, if the template has it.
pub(super) fn of_page(state: &State) -> Option<String> {
    state.get::<String>(LANG).ok().flatten().filter(|tag| !tag.is_empty())
}

fn unknown(key: &str) -> Error {
    let remedy = match nearest(key, KEYS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write it into `languages/` of the site".to_owned(),
    };
    Error::message(format!("there is no word `{key}`; {remedy}"))
}
