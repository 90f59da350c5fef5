//! Data files as values for templates, and the filters that draw charts from them.

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

use super::views::view;
use super::words;
use crate::config::Config;
use crate::language::Language;
use crate::render::chart::{self, Chart, MOST_BARS, MOST_POINTS, MOST_SERIES, Places, Series};
use crate::source::data::{self, Kind, Table};

/// The view of a table: `name`, `columns` (each `name`, `kind`: `text`, `number` or `date`, and `numbers`, row by row)
/// and `rows` of text.
pub fn table(name: &str, table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        let kind = name_of(column.kind);
        let numbers: Vec<Value> =
            column.numbers.iter().map(|one| one.map_or_else(Value::none, Value::from)).collect();
        view([
            ("name", Value::from(column.name.as_str())),
            ("kind", Value::from(kind)),
            ("numbers", Value::from(numbers)),
        ])
    });
    let columns: Vec<Value> = columns.collect();
    let row = |row: &Vec<String>| {
        Value::from(row.iter().map(|cell| Value::from(cell.as_str())).collect::<Vec<_>>())
    };
    let rows: Vec<Value> = table.rows.iter().map(row).collect();
    view([("name", Value::from(name)), ("columns", Value::from(columns)), ("rows", Value::from(rows))])
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Date => "date",
    }
}

pub(super) fn register(tera: &mut Tera, config: &Config) {
    let languages = config.words.clone();
    tera.register_filter("bar_chart", move |table: Value, kwargs: Kwargs, state: &State| {
        draw(&table, &kwargs, &*words::language(&languages, &kwargs, state)?, MOST_BARS, chart::bars)
    });
    let languages = config.words.clone();
    tera.register_filter("line_chart", move |table: Value, kwargs: Kwargs, state: &State| {
        draw(&table, &kwargs, &*words::language(&languages, &kwargs, state)?, MOST_POINTS, chart::lines)
    });
}

/// The most columns of rows that are looked at.
const MOST_COLUMNS: usize = 100;

/// A column that a template passes to a filter.
struct Column {
    name: String,
    kind: String,
    numbers: Vec<Option<f64>>,
    cells: Vec<String>,
}

/// The columns of a list of rows, each a map, as data files have it.
fn columns_of_rows(rows: &[Value]) -> Option<Vec<Column>> {
    let rows: Vec<&Map> = rows.iter().map(Value::as_map).collect::<Option<_>>()?;
    let mut names: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()).filter_map(Key::as_str) {
        if !names.contains(&name) && names.len() < MOST_COLUMNS {
            names.push(name);
        }
    }
    let text = |value: &Value| match value.as_map().and_then(|date| date.get(&Key::Str("day"))) {
        Some(day) => day.to_string(),
        None if value.is_none() => String::new(),
        None => value.to_string(),
    };
    let column = |name: &str| {
        let key = Key::String(name.into());
        let cells: Vec<String> = rows.iter().map(|row| row.get(&key).map(text).unwrap_or_default()).collect();
        let shown: Vec<&str> = cells.iter().map(String::as_str).collect();
        let data::Column { name, kind, numbers } = data::column(name.to_owned(), &shown, false);
        Column { name, kind: name_of(kind).to_owned(), numbers, cells }
    };
    Some(names.into_iter().map(column).collect())
}

fn columns(table: &Value) -> Option<Vec<Column>> {
    if let Some(rows) = table.as_array() {
        return columns_of_rows(rows);
    }
    let get = |map: &Map, key: &'static str| map.get(&Key::Str(key)).cloned();
    let map = table.as_map()?;
    let rows = get(map, "rows")?;
    let rows: Vec<&[Value]> = rows.as_array()?.iter().filter_map(Value::as_array).collect();
    let columns = get(map, "columns")?;
    let columns = columns.as_array()?.iter().enumerate();
    columns
        .map(|(at, column)| {
            let column = column.as_map()?;
            let numbers = get(column, "numbers")?;
            Some(Column {
                name: get(column, "name")?.as_str()?.to_owned(),
                kind: get(column, "kind")?.as_str()?.to_owned(),
                numbers: numbers.as_array()?.iter().map(Value::as_f64).collect(),
                cells: rows
                    .iter()
                    .map(|row| row.get(at).and_then(Value::as_str).unwrap_or("").to_owned())
                    .collect(),
            })
        })
        .collect()
}

fn draw(
    table: &Value,
    kwargs: &Kwargs,
    language: &Language,
    most_rows: usize,
    draw: fn(&Chart<'_>) -> String,
) -> TeraResult<Value> {
    let refuse = |reason: String| Err(Error::message(reason));
    let Some(columns) = columns(table) else {
        return refuse("a chart is drawn of a table, such as `data.boats`".to_owned());
    };
    let text = |key: &str| Ok::<_, Error>(kwargs.get::<String>(key)?.unwrap_or_default());
    let (title, description, unit) = (text("title")?, text("description")?, text("unit")?);
    let locale = language.locale();
    let [first, rest @ ..] = columns.as_slice() else {
        return refuse("the table has no columns".to_owned());
    };
    let wanted = kwargs.get::<Vec<String>>("columns")?.unwrap_or_default();
    if let Some(unknown) = wanted.iter().find(|name| !rest.iter().any(|column| column.name == **name)) {
        return refuse(format!("there is no column `{unknown}` behind the first"));
    }
    let chosen: Vec<&Column> =
        rest.iter().filter(|column| wanted.is_empty() || wanted.contains(&column.name)).collect();
    if let Some(column) = chosen.iter().find(|column| column.kind != "number") {
        return refuse(
            match column.cells.iter().find(|cell| data::csv_number(cell).is_none() && !data::is_missing(cell))
            {
                Some(cell) => format!("`{cell}` in the column `{}` is no number", column.name),
                None => format!("the column `{}` has no numbers", column.name),
            },
        );
    }
    if chosen.is_empty() {
        return refuse("the table has no numbers behind its first column".to_owned());
    }
    if chosen.len() > MOST_SERIES {
        return refuse(format!(
            "{} columns can't be told apart; choose up to {MOST_SERIES} with `columns={{[\"…\"]}}`",
            chosen.len()
        ));
    }
    if first.cells.len() > most_rows {
        return refuse(format!("{} rows are too many to be read; {most_rows} will do", first.cells.len()));
    }
    let is_year = |year: &f64| (1000.0..3000.0).contains(year) && year.fract() == 0.0;
    let places = match first.kind.as_str() {
        "number" if first.numbers.iter().flatten().all(is_year) => Places::Years(first.numbers.clone()),
        "number" => Places::Numbers(first.numbers.clone()),
        "date" => Places::Days(first.cells.iter().map(|cell| data::date(cell)).collect()),
        _ => Places::Even,
    };
    let label = |cell: &String| match (data::date(cell), first.kind.as_str()) {
        (Some(day), "date") => {
            let pattern = if cell.trim().len() == 7 { "%b %Y" } else { "%-d %b %Y" };
            locale.day(day, pattern)
        }
        _ => cell.clone(),
    };
    let unit = match unit.as_str() {
        "" => String::new(),
        "%" | "\u{b0}" | "\u{2032}" => unit,
        _ => format!("\u{a0}{unit}"),
    };
    let series = chosen.iter().map(|column| Series { name: &column.name, numbers: &column.numbers });
    let chart = Chart {
        title: &title,
        description: &description,
        unit: &unit,
        locale,
        rtl: language.direction() == "rtl",
        labels: first.cells.iter().map(label).collect(),
        places,
        series: series.collect(),
    };
    Ok(Value::safe_string(&draw(&chart)))
}
