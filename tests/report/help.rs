//! `--help`, short and long, at a fixed width.

use clap::CommandFactory;
use unroot::cli::args::Args;

use crate::snapshots::assert_snapshot;

#[test]
fn help_is_what_it_was() {
    let command = Args::command().term_width(100).color(clap::ColorChoice::Never);
    assert_snapshot("help-short", &command.clone().render_help().to_string());
    assert_snapshot("help-long", &command.clone().render_long_help().to_string());
    assert_snapshot("help-80", &command.term_width(80).render_help().to_string());
}

#[test]
fn the_command_line_is_well_formed() {
    Args::command().debug_assert();
}
