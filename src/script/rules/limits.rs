//! Where the analysis ends, said as findings.

use super::Draft;
use crate::rules::Rule;
use crate::script::effect::{Act, Effect, Limit};

pub fn limit(effect: &Effect) -> Option<Draft> {
    let Act::Limit(limit) = effect.act else { return None };
    let (rule, message, help) = match limit {
        Limit::TooMuch => (
            Rule::UnanalysedScript,
            "The script nests or repeats too much here; this part was not judged",
            "Split the script, or review this part by hand.",
        ),
        Limit::Template => (
            Rule::UnanalysedScript,
            "Terraform puts text into the script here that is not known from the code; that part was not judged",
            "Review what it brings, or write it in the script.",
        ),
        Limit::Syntax => (
            Rule::ScriptParseFailure,
            "This is not valid shell; what could be read around it is judged",
            "Check the quotes, heredocs and keywords here, for example with `bash -n`.",
        ),
        Limit::CarriageReturns => (
            Rule::CrlfScript,
            "The script has Windows line ends: the shell takes the carriage return for part of every line and the hook fails",
            "Convert it to Unix line ends, for example with `replace(…, \"\\r\\n\", \"\\n\")` or a `.gitattributes` entry `*.sh eol=lf`.",
        ),
    };
    Some(Draft::new(rule, &effect.by.span, message, help))
}
