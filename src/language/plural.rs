//! Plural categories of whole numbers, by CLDR's rules (UTS #35, part 3, section 5.1).

use super::cldr;
use super::tag::Tag;

/// A plural category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// `zero`.
    Zero,
    /// `one`.
    One,
    /// `two`.
    Two,
    /// `few`.
    Few,
    /// `many`.
    Many,
    /// `other`.
    Other,
}

impl Category {
    /// Its name in CLDR and in Fluent.
    pub fn name(self) -> &'static str {
        match self {
            Category::Zero => "zero",
            Category::One => "one",
            Category::Two => "two",
            Category::Few => "few",
            Category::Many => "many",
            Category::Other => "other",
        }
    }

    /// The category that `number` of something takes in the language of `tag`.
    pub fn of(tag: &Tag, number: u64) -> Category {
        let rules = tag.chain().iter().find_map(|name| cldr::plural_rules(name)).unwrap_or_default();
        let all = [Category::Zero, Category::One, Category::Two, Category::Few, Category::Many];
        let fits = |rule: &str| {
            let (name, condition) = rule.split_once(':')?;
            let category = all.into_iter().find(|category| category.name() == name.trim())?;
            condition
                .split(" or ")
                .any(|all| all.split(" and ").all(|one| holds(one, number)))
                .then_some(category)
        };
        rules.split(';').find_map(fits).unwrap_or(Category::Other)
    }
}

/// True if a relation, such as `i % 10 = 2..4,9`, holds for a whole number.
fn holds(relation: &str, number: u64) -> bool {
    let (left, right, is_negated) = match relation.split_once("!=") {
        Some((left, right)) => (left, right, true),
        None => match relation.split_once('=') {
            Some((left, right)) => (left, right, false),
            None => return false,
        },
    };
    let (operand, modulus) = match left.split_once('%') {
        Some((operand, modulus)) => (operand.trim(), modulus.trim().parse().ok()),
        None => (left.trim(), None),
    };
    // A whole number is its own value and integer part, and has neither decimals nor an exponent.
    let value = if matches!(operand, "n" | "i") { number } else { 0 };
    let value = modulus.map_or(value, |modulus: u64| value.checked_rem(modulus).unwrap_or(value));
    let is_in = right.split(',').any(|part| match part.trim().split_once("..") {
        Some((low, high)) => match (low.parse::<u64>(), high.parse::<u64>()) {
            (Ok(low), Ok(high)) => (low..=high).contains(&value),
            _ => false,
        },
        None => part.trim().parse() == Ok(value),
    });
    is_in != is_negated
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of whole numbers that CLDR publishes for the categories of each language.
    #[test]
    fn numbers_have_the_categories_of_cldr() {
        for (tags, samples) in [
            ("en de nl it", "one: 1; other: 0 2 16 100 1000"),
            ("fr", "one: 0 1; many: 1000000; other: 2 17 100 1000"),
            ("es", "one: 1; many: 1000000; other: 0 2 16 100"),
            ("it", "one: 1; many: 1000000; other: 0 2 16 100"),
            ("pt", "one: 0 1; many: 1000000; other: 2 17 100"),
            ("pt-PT", "one: 1; many: 1000000; other: 0 2 16 100"),
            ("pl", "one: 1; few: 2 3 4 22 24 102 1002; many: 0 5 11 12 14 19 21 100 1000000"),
            ("uk ru", "one: 1 21 31 101 1001; few: 2 4 22 24 102; many: 0 5 11 14 19 100 1000000"),
            ("tr", "one: 1; other: 0 2 16 100"),
            (
                "ar",
                "zero: 0; one: 1; two: 2; few: 3 10 103 110 1003; many: 11 26 111 1011; other: 100 102 200 1000",
            ),
            ("he", "one: 1; two: 2; other: 0 3 17 20 100 1000"),
            ("fa hi", "one: 0 1; other: 2 17 100 1000"),
            ("th zh-Hans zh-Hant ja ko", "other: 0 1 2 5 15 100 1000"),
            ("cs sk", "one: 1; few: 2 3 4; other: 0 5 19 100"),
            ("sl", "one: 1 101 201; two: 2 102; few: 3 4 103; other: 0 5 19 100"),
            ("ga", "one: 1; two: 2; few: 3 6; many: 7 10; other: 0 11 25"),
            ("cy", "zero: 0; one: 1; two: 2; few: 3; many: 6; other: 4 5 7 20"),
            ("lv", "zero: 0 10 11 20; one: 1 21 101; other: 2 9 22"),
            ("nb", "one: 1; other: 0 2"),
        ] {
            for tag in tags.split(' ').map(|tag| Tag::parse(tag).unwrap()) {
                for (name, numbers) in samples.split("; ").filter_map(|sample| sample.split_once(": ")) {
                    for number in numbers.split(' ').map(|number| number.parse().unwrap()) {
                        assert_eq!(Category::of(&tag, number).name(), name, "{tag} {number}");
                    }
                }
            }
        }
    }
}
