//! The named fields of a view, in order, from which its value is made.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use tera::Value;
use tera::value::Key;

/// The named fields of a view, in order. A later field of the same name takes the place of an earlier one.
///
/// The engine makes its own map of whatever map it gets. These are no map, so that names are hashed once.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// No fields yet, and room for `count`.
    pub fn with_capacity(count: usize) -> Self {
        Fields(Vec::with_capacity(count))
    }

    /// The fields of a view; none if `value` is no view.
    pub fn of(value: &Value) -> Self {
        let field = |(name, value): (&Key<'static>, &Value)| match name {
            Key::Str(name) => Some((*name, value.clone())),
            _ => None,
        };
        Fields(value.as_map().into_iter().flatten().filter_map(field).collect())
    }

    /// Adds a field.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.push((name, value.into()));
    }

    /// The value of the field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// The view with these `fields`.
pub fn view<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::from(Fields(fields.into()))
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("view", self.0.len())?;
        for (name, value) in &self.0 {
            fields.serialize_field(name, value)?;
        }
        fields.end()
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        // Names and values can always be written.
        Value::try_from_serializable(&fields).unwrap_or_else(|_| Value::none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_field_takes_the_place_of_an_earlier_one() {
        let mut fields = Fields::default();
        fields.set("a", 1);
        fields.set("b", "safe");
        fields.set("a", 2);
        let value = Value::from(fields);
        let map = value.as_map().expect("a map");
        let names: Vec<&str> = map.keys().filter_map(Key::as_str).collect();
        assert_eq!((names, map.get(&Key::Str("a"))), (vec!["a", "b"], Some(&Value::from(2))));
        assert_eq!(Fields::of(&value).get("b"), Some(&Value::from("safe")));
    }

    #[test]
    fn a_value_inside_stays_the_same_value() {
        let mut fields = Fields::default();
        fields.set("html", Value::safe_string("<p>"));
        let value = Value::from(fields);
        let html = value.as_map().and_then(|map| map.get(&Key::Str("html")));
        assert!(html.is_some_and(Value::is_safe), "{value:?}");
    }
}
