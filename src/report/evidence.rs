//! Plans and states, for people: what the apply does to which instance, and which have root.

use std::io::{self, Write};

use camino::Utf8Path;

use super::palette::{ERROR, GOOD, TITLE};
use crate::finding::{Action, Evidence, Live, Value};
use crate::terminal::{Stream, escape};

/// More instances than this are counted, not shown.
const MOST_INSTANCES: usize = 20;

/// Prints a paragraph for each plan or state.
pub(super) fn print(all: &[Evidence], out: &mut Stream<'_>) -> io::Result<()> {
    for evidence in all {
        let style = out.style(TITLE);
        writeln!(out, "{style}{}{style:#}", escape(&heading(evidence)))?;
        let told: Vec<String> = evidence.instances.iter().filter_map(|(live, found)| line(live, *found)).collect();
        for line in told.iter().take(MOST_INSTANCES) {
            writeln!(out, "  {}", escape(line))?;
        }
        if let Some(more) = told.len().checked_sub(MOST_INSTANCES).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more")?;
        }
        let is_well = evidence.left().next().is_none();
        let style = out.style(if is_well { GOOD } else { ERROR });
        writeln!(out, "  {style}{}{style:#}", conclusion(evidence))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Which file it is, and whose.
pub(super) fn heading(evidence: &Evidence) -> String {
    let kind = if evidence.is_plan { "Plan" } else { "State" };
    let folder = match evidence.folder.as_deref().map(Utf8Path::as_str) {
        Some("") => " of this folder".to_owned(),
        Some(folder) => format!(" of {folder}"),
        None => String::new(),
    };
    let file = if evidence.file == "-" { "standard input" } else { evidence.file.as_str() };
    format!("{kind} {file}{folder}: {}", counted(evidence.instances.len()))
}

fn counted(instances: usize) -> String {
    match instances {
        1 => "1 notebook instance".to_owned(),
        instances => format!("{instances} notebook instances"),
    }
}

/// The line on an instance; `None` where it stays as it is, without root.
pub(super) fn line(live: &Live, found: bool) -> Option<String> {
    let stays_well = live.action == Action::Nothing && live.after.as_ref().is_none_or(Value::complies);
    if stays_well && found && live.before.as_ref().is_none_or(Value::complies) {
        return None;
    }
    let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
    let change = match (&live.before, &live.after) {
        (Some(now), None) if live.action == Action::Nothing => format!("root_access is {now}"),
        (before, after) if before == after => format!("root_access stays {}", shown(after)),
        (None, after) => format!("root_access will be {}", shown(after)),
        (before, after) => format!("root_access {} -> {}", shown(before), shown(after)),
    };
    let effect = match live.action {
        Action::Replace => "; error: it is deleted and created anew, and all that is on its volume is lost",
        Action::Update if live.status.as_deref() == Some("Stopped") => "; it is stopped, and stays so",
        Action::Update => "; it is stopped, and started again if it is in service",
        Action::Forget => "; Terraform forgets it, and it goes on as it is",
        Action::Nothing | Action::Create | Action::Delete => "",
    };
    let others = match live.others.as_slice() {
        [] => String::new(),
        others => format!("; also changes {}", others.join(", ")),
    };
    let unknown = match &live.source {
        _ if found || live.action == Action::Delete => String::new(),
        Some(source) => format!("; its code is that of {source}, which is not here"),
        None => "; no code here creates it".to_owned(),
    };
    let moved = live.previous.as_ref().map(|address| format!(" (was {address})")).unwrap_or_default();
    let action = if live.after.is_none() && live.action == Action::Nothing {
        String::new()
    } else {
        format!("{}: ", live.action)
    };
    Some(format!("{action}{}{moved}: {change}{effect}{others}{unknown}", live.address))
}

/// How many instances have root, now and after the apply.
pub(super) fn conclusion(evidence: &Evidence) -> String {
    let with_root = |value: &Option<Value>| value.as_ref().is_some_and(|value| !value.complies());
    let count = |has: &dyn Fn(&Live) -> bool| evidence.instances.iter().filter(|(live, _)| has(live)).count();
    let now = count(&|live| with_root(&live.before));
    if !evidence.is_plan {
        return format!("{now} of {} with root now", evidence.instances.len());
    }
    let staying = count(&|live| live.action.leaves_one());
    let unknown = count(&|live| matches!(live.after, Some(Value::Unknown(_))));
    let left = evidence.left().count() - unknown;
    let unsure = if unknown > 0 { format!(", not known of {unknown}") } else { String::new() };
    format!("{left} of {staying} with root after the apply{unsure}; {now} with root now")
}
