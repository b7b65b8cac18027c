//! Reads one table of the configuration, and refuses what it does not know.
//!
//! Written by hand rather than derived, because a mistake in a configuration deserves an answer that names
//! the key, the table it stands in and the nearest key that exists. What the keys mean is in `config.rs`.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml::{Table, Value};

use super::ConfigError;

/// One table, every key of which is known to be expected.
pub(super) struct Section {
    path: String,
    table: Table,
}

impl Section {
    /// The whole document.
    pub(super) fn document(text: &str, known: &[&str]) -> Result<Self, ConfigError> {
        let table = text.parse::<Table>().map_err(|error| ConfigError::Syntax(error.to_string()))?;
        Self::checked(String::new(), table, known)
    }

    /// The table `key`, empty when it is not there.
    pub(super) fn section(&mut self, key: &str, known: &[&str]) -> Result<Self, ConfigError> {
        let table = match self.table.remove(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(other) => return Err(self.wrong_type(key, "a table", &other)),
        };
        Self::checked(self.path_of(key), table, known)
    }

    /// The array of tables `key`, in order.
    pub(super) fn sections(&mut self, key: &str, known: &[&str]) -> Result<Vec<Self>, ConfigError> {
        let items = match self.table.remove(key) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(self.wrong_type(key, "an array of tables", &other)),
        };
        let mut sections = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let Value::Table(table) = item else {
                return Err(self.wrong_type(key, "an array of tables", &item));
            };
            sections.push(Self::checked(format!("{}[{index}]", self.path_of(key)), table, known)?);
        }
        Ok(sections)
    }

    /// What is written in the table `key`, for others to inherit.
    pub(super) fn written(&self, key: &str) -> Table {
        self.table.get(key).and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// The tables below `key`, each with its name, filled up with what `inherited` has and they have not.
    pub(super) fn heirs(
        &mut self,
        key: &str,
        inherited: &Table,
        known: &[&str],
    ) -> Result<Vec<(String, Self)>, ConfigError> {
        let tables = match self.table.remove(key) {
            None => Table::new(),
            Some(Value::Table(tables)) => tables,
            Some(other) => return Err(self.wrong_type(key, "a table of tables", &other)),
        };
        let mut sections = Vec::new();
        for (name, value) in tables {
            let path = format!("{}.{name}", self.path_of(key));
            let Value::Table(mut table) = value else {
                return Err(ConfigError::WrongType {
                    key: path,
                    expected: "a table",
                    found: value.type_str(),
                });
            };
            fill_up(&mut table, inherited);
            sections.push((name, Self::checked(path, table, known)?));
        }
        Ok(sections)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether this is written there.
    pub(super) fn is_text(&self, key: &str, text: &str) -> bool {
        self.table.get(key).and_then(Value::as_str) == Some(text)
    }

    /// Whether the key is there and has a whole number, where it may have something else as well.
    pub(super) fn has_number(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(Value::is_integer)
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, ConfigError> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong_type(key, "a string", &other)),
        }
    }

    pub(super) fn required_text(&mut self, key: &str) -> Result<String, ConfigError> {
        let text = self.text(key)?.ok_or_else(|| ConfigError::MissingKey { key: self.path_of(key) })?;
        if text.is_empty() { Err(self.invalid(key, "must not be empty")) } else { Ok(text) }
    }

    pub(super) fn texts(&mut self, key: &str) -> Result<Vec<String>, ConfigError> {
        const EXPECTED: &str = "an array of strings";
        match self.table.remove(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text),
                    other => Err(self.wrong_type(key, EXPECTED, &other)),
                })
                .collect(),
            Some(other) => Err(self.wrong_type(key, EXPECTED, &other)),
        }
    }

    /// Whatever is there, as JSON.
    pub(super) fn json(&mut self, key: &str) -> Result<Option<serde_json::Value>, ConfigError> {
        let Some(value) = self.table.remove(key) else { return Ok(None) };
        serde_json::to_value(value).map(Some).map_err(|_| self.invalid(key, "cannot be written as JSON"))
    }

    pub(super) fn boolean(&mut self, key: &str, default: bool) -> Result<bool, ConfigError> {
        match self.table.remove(key) {
            None => Ok(default),
            Some(Value::Boolean(value)) => Ok(value),
            Some(other) => Err(self.wrong_type(key, "true or false", &other)),
        }
    }

    pub(super) fn number(
        &mut self,
        key: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> Result<u32, ConfigError> {
        let value = match self.table.remove(key) {
            None => return Ok(default),
            Some(Value::Integer(value)) => u32::try_from(value).ok(),
            Some(other) => return Err(self.wrong_type(key, "a whole number", &other)),
        };
        value.filter(|value| range.contains(value)).ok_or_else(|| {
            self.invalid(key, &format!("must be between {} and {}", range.start(), range.end()))
        })
    }

    /// A duration with its unit, such as `"60s"` or `"1h"`.
    pub(super) fn duration(&mut self, key: &str, default: Duration) -> Result<Duration, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(default) };
        let duration = humantime::parse_duration(&text)
            .map_err(|_| self.invalid(key, "must be a duration with its unit, such as \"90s\" or \"1h\""))?;
        if duration.is_zero() { Err(self.invalid(key, "must be longer than nothing")) } else { Ok(duration) }
    }

    /// A duration of a minute at most, nothing if it is left out.
    pub(super) fn short(&mut self, key: &str) -> Result<Duration, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(Duration::ZERO) };
        let duration = humantime::parse_duration(&text).ok();
        duration
            .filter(|duration| *duration <= Duration::from_secs(60))
            .ok_or_else(|| self.invalid(key, "must be a duration with its unit, from \"0s\" to \"60s\""))
    }

    /// One word of a fixed list.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &str,
        choices: &[(&str, T)],
        default: T,
    ) -> Result<T, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(default) };
        choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.invalid(key, &format!("must be one of {}", names.join(", ")))
        })
    }

    /// Words of a fixed list, each at most once; none if the key is not there.
    pub(super) fn choices<T: Copy>(
        &mut self,
        key: &str,
        choices: &[(&str, T)],
    ) -> Result<Vec<T>, ConfigError> {
        let mut chosen: Vec<(String, T)> = Vec::new();
        for text in self.texts(key)? {
            let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) else {
                let names: Vec<_> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
                return Err(self.invalid(key, &format!("must be a list of {}", names.join(", "))));
            };
            if chosen.iter().any(|(name, _)| *name == text) {
                return Err(self.invalid(key, &format!("names \"{text}\" twice")));
            }
            chosen.push((text, *value));
        }
        Ok(chosen.into_iter().map(|(_, value)| value).collect())
    }

    pub(super) fn invalid(&self, key: &str, reason: &str) -> ConfigError {
        ConfigError::InvalidValue { key: self.path_of(key), reason: reason.to_owned() }
    }

    fn checked(path: String, table: Table, known: &[&str]) -> Result<Self, ConfigError> {
        match table.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(Self { path, table }),
            Some(key) => Err(ConfigError::UnknownKey {
                key: key.clone(),
                section: path,
                nearest: nearest(key, known).map(str::to_owned),
            }),
        }
    }

    fn wrong_type(&self, key: &str, expected: &'static str, found: &Value) -> ConfigError {
        ConfigError::WrongType { key: self.path_of(key), expected, found: found.type_str() }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// Tables are filled up key by key; a list is taken or left as a whole.
fn fill_up(table: &mut Table, inherited: &Table) {
    for (key, value) in inherited {
        match (table.get_mut(key), value) {
            (None, _) => {
                table.insert(key.clone(), value.clone());
            }
            (Some(Value::Table(own)), Value::Table(value)) => fill_up(own, value),
            (Some(_), _) => {}
        }
    }
}

/// The known key that `key` was probably meant to be, if any is near enough to be a help.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(key.len()) / 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
