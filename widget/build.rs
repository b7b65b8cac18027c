//! Makes the catalogue of texts from `locales/en.json`: one enum variant per text, so that a text that is missing or
//! misspelt fails the build and one that nobody uses is a warning.

use std::{env, fmt::Write as _, fs, path::Path};

use serde_json::Value;

/// Groups of texts that the page's scripts need themselves, and translations of what servers say.
const ELSEWHERE: [&str; 3] = ["page.", "redirect.", "answer."];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const SOURCE: &str = "locales/en.json";
    println!("cargo::rerun-if-changed={SOURCE}");
    let catalogue: Value = serde_json::from_str(&fs::read_to_string(SOURCE)?)?;
    let mut texts = Vec::new();
    flatten(&catalogue, "", &mut texts)?;
    texts.retain(|(path, _)| !ELSEWHERE.iter().any(|group| path.starts_with(group)));
    // The page counts on this order when it sends the words of another language (`scripts/build/locales.mjs`).
    texts.sort();
    let code = generate(&texts)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogue.rs"), code)?;
    Ok(())
}

/// `{"a": {"b": "text"}}` becomes `a.b` and its text.
fn flatten(value: &Value, path: &str, out: &mut Vec<(String, String)>) -> Result<(), String> {
    match value {
        Value::String(text) => out.push((path.to_owned(), text.clone())),
        Value::Object(members) => {
            for (name, inner) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(inner, &path, out)?;
            }
        }
        _ => return Err(format!("`{path}` in locales/en.json is neither a text nor a group of texts")),
    }
    Ok(())
}

fn generate(texts: &[(String, String)]) -> Result<String, std::fmt::Error> {
    let mut code = String::from(
        "/// Names one text of the catalogue.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub(crate) enum Key {\n",
    );
    for (path, text) in texts {
        writeln!(code, "    /// {}\n    {},", text.replace('\n', " "), variant(path))?;
    }
    code.push_str("}\n\nconst EN: &[&str] = &[\n");
    for (_, text) in texts {
        writeln!(code, "    {text:?},")?;
    }
    code.push_str("];\n");
    for (group, name) in [("server", "SERVER"), ("ending", "ENDINGS")] {
        writeln!(code, "\n/// Texts under a key of the server's.\nconst {name}: &[(&str, Key)] = &[")?;
        let in_group = |path: &str| path.strip_prefix(group)?.strip_prefix('.').map(str::to_owned);
        for (path, key) in texts.iter().filter_map(|(path, _)| Some((path, in_group(path)?))) {
            writeln!(code, "    ({key:?}, Key::{}),", variant(path))?;
        }
        code.push_str("];\n");
    }
    Ok(code)
}

/// `rules.min_length` becomes `RulesMinLength`.
fn variant(path: &str) -> String {
    let words = path.split(['.', '_', '-']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
