//! The fixtures in JSON and with override files against Terraform: it accepts them before and after, with the values
//! that the verdicts rest on.

use std::path::{Path, PathBuf};

use crate::twin::{self, Planned, Terraform};

/// An empty selection must not pass.
const AT_LEAST: usize = 30;

/// A fixture as far as it matters here; see `tests/fixtures.rs`.
struct Fixture {
    folder: PathBuf,
    name: String,
    /// Whether `--write` leaves nothing to do.
    is_fixed: bool,
    /// Whether `--write` changes a value.
    is_changed: bool,
}

/// Terraform plans both trees of each fixture, as one module each.
pub(crate) fn planned() -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    let fixtures = fixtures();
    if fixtures.len() < AT_LEAST {
        return Err(format!("{} fixtures, not {AT_LEAST}", fixtures.len()));
    }
    let before = plan(&terraform, &fixtures, "input")?;
    let after = plan(&terraform, &fixtures, "expected")?;
    for fixture in &fixtures {
        let prefix = format!("module.{}.", fixture.name);
        let bad = |plan: &[Planned]| {
            let own = plan.iter().filter(|planned| planned.address.starts_with(&prefix));
            own.filter(|planned| planned.value != "Disabled").map(|bad| bad.address.clone()).collect::<Vec<_>>()
        };
        if fixture.is_changed && bad(&before).is_empty() {
            return Err(format!("{}: Terraform plans no root before the change", fixture.name));
        }
        if fixture.is_fixed && !bad(&after).is_empty() {
            return Err(format!("{}: Terraform still plans root: {:?}", fixture.name, bad(&after)));
        }
        if !after.iter().any(|planned| planned.address.starts_with(&prefix)) {
            return Err(format!("{}: Terraform plans no notebook", fixture.name));
        }
    }
    Ok(())
}

fn plan(terraform: &Terraform, fixtures: &[Fixture], part: &str) -> Result<Vec<Planned>, String> {
    let tree = tempfile::tempdir().expect("a temporary folder");
    let mut calls = String::new();
    for Fixture { folder, name, .. } in fixtures {
        twin::make(&folder.join(part), &tree.path().join(name));
        calls = format!("{calls}module \"{name}\" {{\n  source = \"./{name}\"\n}}\n");
    }
    twin::put(&tree.path().join("main.tf"), calls.as_bytes());
    terraform.plan(tree.path(), "", &[]).map(|planning| planning.notebooks)
}

/// The fixtures that Terraform can load and whose files are of one of the kinds in question.
fn fixtures() -> Vec<Fixture> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folders = all.read_dir().expect("the folder of fixtures is there");
    let mut folders: Vec<_> = folders.map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders.into_iter().filter_map(fixture).collect()
}

fn fixture(folder: PathBuf) -> Option<Fixture> {
    let files = twin::files(&folder.join("input"));
    let names: Vec<&str> = files.keys().filter_map(|path| path.to_str()).collect();
    let is_kind = |name: &&str| {
        let native = name.strip_suffix(".json");
        let stem = native.unwrap_or(name).strip_suffix(".tf");
        stem.is_some_and(|stem| native.is_some() || stem == "override" || stem.ends_with("_override"))
    };
    let in_one_folder = names.iter().all(|name| !name.contains('/'));
    if !in_one_folder || !names.iter().any(is_kind) || names.iter().any(|name| name.contains(".tofu")) {
        return None;
    }
    let case: toml::Table = match std::fs::read_to_string(folder.join("case.toml")) {
        Ok(text) => toml::from_str(&text).expect("the case is TOML"),
        Err(_) => toml::Table::new(),
    };
    let code = |key: &str, usual| case.get(key).and_then(toml::Value::as_integer).unwrap_or(usual);
    let is_unsafe = case.get("args").is_some_and(|args| format!("{args:?}").contains("--unsafe-fixes"));
    let is_changed = twin::files(&folder.join("expected")) != files && !is_unsafe;
    let name = folder.file_name()?.to_str()?.to_owned();
    let fixture = Fixture { folder, name, is_fixed: code("after", 0) == 0, is_changed };
    (code("check", 1) < 2 && !fixture.name.ends_with("no-notebook")).then_some(fixture)
}
