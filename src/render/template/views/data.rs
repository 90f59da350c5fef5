//! The values of data files.

use std::collections::HashMap;
use std::ops::Range;

use tera::value::Key;
use tera::{Map, Value};

use super::card::date;
use crate::config::{Columns, Config};
use crate::model::date;
use crate::model::metadata::{self, Node};
use crate::source::data::DataError;

/// The values of a tree, for columns with these kinds.
struct Values<'a> {
    columns: &'a Columns,
    config: &'a Config,
    /// The keys of maps, each once: the rows of a table share them.
    keys: HashMap<&'a str, Key<'static>>,
}

/// The value of the whole data file `node`. Its dates are those of columns of that kind.
///
/// # Errors
/// A date that has no moment, and its place.
pub fn from_data<'a>(
    node: &'a Node,
    columns: &'a Columns,
    config: &'a Config,
) -> Result<Value, (DataError, Range<usize>)> {
    Values { columns, config, keys: HashMap::new() }.value(node, "")
}

impl<'a> Values<'a> {
    /// The value of `node`, which is the value of `key` in its map.
    fn value(&mut self, node: &'a Node, key: &str) -> Result<Value, (DataError, Range<usize>)> {
        Ok(match &node.value {
            metadata::Value::Null => Value::none(),
            metadata::Value::Bool(flag) => Value::from(*flag),
            metadata::Value::Integer(number) => Value::from(*number),
            metadata::Value::Float(number) => Value::from(*number),
            metadata::Value::String(text) => Value::from(text.as_str()),
            metadata::Value::Date(text) => {
                self.date(text, key).map_err(|error| (error, node.span.clone()))?
            }
            metadata::Value::List(items) => {
                let items: Result<Vec<Value>, _> = items.iter().map(|item| self.value(item, key)).collect();
                Value::from(items?)
            }
            metadata::Value::Table(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for entry in entries {
                    let value = self.value(&entry.node, &entry.key)?;
                    let key =
                        self.keys.entry(&entry.key).or_insert_with(|| Key::String(entry.key.as_str().into()));
                    map.insert(key.clone(), value);
                }
                Value::from(map)
            }
        })
    }

    /// The view of the date `text` in the column `column`: in its own zone, else in that of the column or of the site.
    fn date(&self, text: &str, column: &str) -> Result<Value, DataError> {
        let zone = self.columns.zone(column).or(self.config.timezone).unwrap_or(chrono_tz::Tz::UTC);
        let moment = date::parse(text).and_then(|date| date.resolve(zone, self.config.dates.ambiguous));
        moment.map(|moment| date(&moment)).map_err(|error| DataError::Cell {
            column: column.to_owned(),
            found: text.to_owned(),
            reason: error.to_string(),
            remedy: miette::Diagnostic::help(&error).map(|help| help.to_string()).unwrap_or_default(),
        })
    }
}
