//! What SECURITY.md and the list below promise is held by tests that are there.
//!
//! The kinds of harm that hostile and heavy input has done once, and the tests that hold each:
//!
//! | | kind | held by |
//! |---|---|---|
//! | A1 | settings that are found name a file to write | `hostile/settings.rs::a_settings_file_that_is_found_names_no_file_to_write`, `hostile/settings.rs::settings_are_found_in_the_repository_of_the_paths_and_nowhere_else` |
//! | A2 | a report goes through a link, or to a device or pipe | `hostile/reports.rs::a_link_at_the_place_of_a_report_is_replaced_and_not_followed`, `hostile/reports.rs::what_is_no_regular_file_is_left_alone_and_the_other_reports_are_written` |
//! | A3 | what hands a value over cannot be read, and is passed over | `hostile/unread.rs::what_terraform_refuses_is_an_error`, `hostile/unread.rs::a_file_of_values_that_cannot_be_opened_is_an_error` |
//! | A4 | a type is spelled with escapes | `hostile/hidden.rs::a_type_is_spelled_with_escapes` |
//! | A5 | code that Terraform deploys is left out in silence | `hostile/hidden.rs::a_module_lies_in_a_folder_that_walks_pass_by`, `hostile/hidden.rs::git_does_not_ignore_what_it_keeps`, `hostile/hidden.rs::what_is_left_out_is_counted_in_every_format` |
//! | A6 | what is opened is no regular file, or is too large | `hostile/reads.rs::terraform_code`, `hostile/reads.rs::value_files`, `hostile/reads.rs::terragrunt_files`, `hostile/reads.rs::downloaded_modules_and_their_list`, `hostile/reads.rs::lists_of_ignored_files` |
//! | A7 | a little code asks for more work or memory than there is | `hostile/work.rs::values_that_double_with_each_local_end_as_unknown`, `hostile/work.rs::a_local_that_is_read_three_times_is_evaluated_once`, `hostile/work.rs::other_ways_to_double_end_as_well`, `hostile/work.rs::modules_that_call_the_next_one_twice_are_followed_as_far_as_it_goes`, `hostile/work.rs::modules_that_all_call_each_other_end`, `hostile/work.rs::scripts_made_of_scripts_are_not_put_together_without_end`, `hostile/work.rs::what_many_ask_for_together_is_bounded`, `hostile/work.rs::what_many_scripts_take_together_is_bounded` |
//! | A8 | the cost of honest code grows faster than the code | `linear.rs::twice_the_code_asks_for_twice_the_memory`, `hostile/size.rs::blocks_that_never_close_are_one_thing_to_tell`, `hostile/size.rs::names_are_cut_where_people_read_them`, `hostile/size.rs::a_fix_in_a_long_column_of_comments_stands_alone` |
//! | A9 | a fix leaves the paths | `hostile/writes.rs::a_list_of_modules_leads_nowhere`, `hostile/writes.rs::links_out_of_the_repository_are_neither_read_nor_written` |
//! | A10 | the neighbours of a value are shown, and what git ignores is edited | `hostile/logs.rs::the_neighbours_of_a_value_are_not_shown_to_people`, `hostile/small.rs::a_file_that_git_ignores_is_not_edited` |
//! | A11 | text of files outside the repository is shown | `hostile/leaks.rs::scripts_come_from_the_repository_alone` |
//! | A12 | values of sensitive variables are shown | `cli/sensitive.rs::sensitive_values_are_in_no_report`, `cli/sensitive.rs::sensitive_values_are_hidden_where_they_stand_and_where_they_arrive` |
//! | A13 | a line of a log is a command | `hostile/logs.rs::no_repository_makes_a_log_line_a_command` |
//! | A14 | killed runs leave files behind | `hostile/signals.rs::a_signal_leaves_no_temporary_file_and_every_file_old_or_new`, `hostile/signals.rs::the_next_run_names_what_a_killed_one_has_left` |
//! | A15 | a fix of several files is half made | `files/killed.rs::*`, `harm/killed.rs::*` |
//! | A16 | input makes a fix that does not prove | `hostile/small.rs::no_input_is_reported_as_a_fault_of_the_program` |
//! | A17 | any number of threads | `hostile/settings.rs::any_number_of_threads_is_taken_and_bounded` |
//! | A18 | failures say nothing, or take others along; characters that do not show | `hostile/small.rs::a_run_without_memory_says_so`, `hostile/small.rs::a_working_folder_that_is_gone_has_a_name`, `hostile/reports.rs::what_is_no_regular_file_is_left_alone_and_the_other_reports_are_written`, `hostile/logs.rs::characters_that_do_not_show_are_spelled_out`, `interactive/trouble.rs::a_signal_gives_the_terminal_back_and_keeps_what_was_accepted` |

use std::path::Path;

/// The tests that a text names.
fn named(text: &str) -> Vec<(&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(|name| name.split_once(".rs::")).collect()
}

#[test]
fn each_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let security = std::fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let kinds: String = include_str!("documented.rs").lines().filter(|line| line.starts_with("//!")).collect();
    let promises: Vec<&str> =
        security.lines().filter(|line| line.starts_with("| ") && line.matches('|').count() == 4).collect();
    let promises = promises.iter().filter(|line| line.contains(".rs::")).count();
    assert!(promises >= 16, "{promises} lines of SECURITY.md name a test");
    for number in 1..=18 {
        assert!(kinds.contains(&format!("| A{number} |")), "A{number}");
    }
    let (security, kinds) = (named(&security), named(&kinds));
    assert!(security.len() > 30 && kinds.len() > 35, "{} and {}", security.len(), kinds.len());
    for (file, test) in security.into_iter().chain(kinds) {
        let path = root.join("tests").join(format!("{file}.rs"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let is_there = match test {
            "*" => text.contains("#[test]\nfn "),
            name => text.contains(&format!("#[test]\nfn {name}()")),
        };
        assert!(is_there, "{file}.rs has no test {test}");
    }
}
