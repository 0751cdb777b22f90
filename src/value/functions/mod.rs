//! The functions of the Terraform language: all but those that need a clock, randomness or a network.
//!
//! [`table`] lists them with their signatures, from which errors of number and type follow. Functions that pass a value
//! on keep its origin. What would take too much work or memory is not known, with that reason.

mod choose;
mod cidr;
mod csv;
mod digest;
mod document;
mod ephemeral;
mod files;
mod format;
mod json;
mod mapping;
mod moment;
mod numeric;
mod outcome;
mod pattern;
mod refined;
mod sequence;
mod signature;
mod table;
mod template;
mod text;
mod tfvars;
mod written;
mod yaml;
mod yaml_text;

pub(super) use document::Documents;

use super::collections::{elements, is_in_order};
use super::convert::convert_all;
use super::data::{Data, Traced, Values, computed, error_in};
use super::eval::Evaluator;
use super::followed::Followed;
use super::hops::Hops;
use super::operators::lift_with;
use super::refinement::Refinement;
use super::scope::{InTemplate, Scope};
use super::terragrunt::refused;
use super::types::Type;
use crate::source::Location;
use crate::syntax::tree::Expr;
use ephemeral::ephemeral_as_null;
pub(super) use json::text_of as json_of;
use outcome::{Call, Outcome, Stop};
use signature::{Body, Function};

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a function call.
    pub(super) fn call(
        &self,
        name: &str,
        args: &[Expr],
        expand: bool,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let eval = |arg| refused(name, arg, scope).unwrap_or_else(|| self.eval(arg, location.file, scope));
        let arguments: Vec<Values> = args.iter().map(eval).collect();
        // Of an argument without a type Terraform makes a result without one.
        let has_type = |value: &Traced| match &value.data {
            Data::Unknown(_) => value.unknown_type().is_some(),
            Data::Null(own) => *own != Type::Dynamic,
            _ => true,
        };
        let own = result_type(name).filter(|_| !expand && arguments.iter().flatten().all(has_type));
        let is_unknown = |value: &Traced| matches!(value.data, Data::Unknown(_));
        // Looked into only if it is needed: they may be large, and their copies are cheap.
        let given = if expand { Vec::new() } else { arguments.clone() };
        let results = self.called_with(name, (args, arguments), expand, location, scope);
        if !results.iter().any(is_unknown) {
            return results;
        }
        let refinement = refined::result(name, &given);
        let results = results.into_iter().map(|result| result.of_type(own.as_ref()));
        results
            .map(|result| result.refined(|known| *known = Refinement { own: known.own.take(), ..refinement.clone() }))
            .collect()
    }

    fn called_with(
        &self,
        name: &str,
        (args, mut values): (&[Expr], Vec<Values>),
        expand: bool,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        if expand {
            let items = values.pop().unwrap_or_default();
            match spread(&items, location) {
                Spread::Arguments(arguments) => values.extend(arguments),
                Spread::Error(error) => return error,
                Spread::Unknown => {
                    values.push(items);
                    return unknown(format!("the arguments of the function {name}"), &values, location);
                }
            }
        }
        let name = name.strip_prefix("core::").unwrap_or(name);
        let sees_errors = matches!(name, "try" | "can");
        // An error in any argument is one of the call, whether or not the function looks at the argument.
        if let Some(error) = error_in(&values).filter(|_| !sees_errors) {
            return vec![error];
        }
        if let Some(config) = &scope.frame.config
            && let Some(values) = self.config_function(config, name, &values, location)
        {
            return values;
        }
        let is_callable =
            |_: &&Function| !name.starts_with(tfvars::PROVIDER) || tfvars::is_required(scope.frame.module);
        let Some(function) = table::find(name).filter(is_callable) else {
            return unknown(format!("the result of the function {name}"), &values, location);
        };
        // What is not known may be `null`, or of another type than the one that is wanted.
        let is_passed_on = matches!(name, "issensitive" | "nonsensitive" | "sensitive");
        let may_fail = |value: &Traced| match value.data {
            Data::Error(_) => true,
            Data::Unknown(_) => !is_passed_on || value.may_fail(),
            _ => value.may_fail(),
        };
        let fallible = !sees_errors && values.iter().flatten().any(may_fail);
        let values = match function.take(values, location) {
            Ok(values) => values,
            Err(why) => return vec![computed(Data::Error(why), location)],
        };
        self.looked_at_by(function.name, &values);
        let results = self.applied(function, args, &values, location, scope).into_iter();
        results.map(|result| Traced { fallible: result.fallible || fallible, ..result }).collect()
    }

    fn applied(
        &self,
        function: &Function,
        args: &[Expr],
        values: &[Values],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let refused = |why: &str| {
            let error = computed(Data::Error(why.to_owned()), location);
            vec![values.iter().flatten().fold(error, Traced::because_of)]
        };
        match (function.body, scope.template) {
            (Body::Known(apply), _) => {
                self.work.spend(pattern::work(function.name, values));
                known(values, location, function.name, apply)
            }
            (Body::Elements(apply), _) => elements_of(values, location, function.name, apply),
            (Body::Whole(apply), _) => apply(values, location),
            (Body::Document(decode), _) => self.decoded(values, location, (function.name, decode)),
            (Body::File(_) | Body::TemplateFile, InTemplate::String) => {
                refused("a template in a string that reads files")
            }
            (Body::File(read), _) => {
                let read_now = self.read_files(read, values, location, scope);
                self.as_written(read_now, &values[0], location, scope)
            }
            (Body::TemplateFile | Body::TemplateString, InTemplate::File | InTemplate::String) => {
                refused("a template that calls another")
            }
            (Body::TemplateFile, _) => {
                let read_now = self.template_file(values, location, scope);
                self.as_written(read_now, &values[0], location, scope)
            }
            (Body::TemplateString, _) => self.template_string(&args[0], values, location, scope),
            (Body::EphemeralAsNull, _) => ephemeral_as_null(&args[0], &values[0], location, scope),
            (Body::AtRunTime, _) => {
                let why = format!("the result of {}(), which is known only when Terraform runs", function.name);
                let result = Traced::at_run_time(why, location);
                vec![values.iter().flatten().fold(result, Traced::because_of)]
            }
            (Body::NotHere(why), _) => unknown(why.to_owned(), values, location),
            (Body::Refused, _) => refused("a function that Terraform has no more"),
        }
    }
}

/// The type of every result of a function, where it is the same whatever the arguments are.
fn result_type(name: &str) -> Option<Type> {
    match name.strip_prefix("core::").unwrap_or(name) {
        "base64decode" | "base64encode" | "chomp" | "format" | "formatdate" | "indent" | "join" | "jsonencode"
        | "lower" | "md5" | "replace" | "sha1" | "sha256" | "sha512" | "strrev" | "substr" | "title" | "tostring"
        | "trim" | "trimprefix" | "trimspace" | "trimsuffix" | "upper" | "uuid" | "timestamp" | "file"
        | "templatefile" | "yamlencode" => Some(Type::String),
        "abs" | "ceil" | "floor" | "index" | "length" | "max" | "min" | "parseint" | "sum" | "tonumber" => {
            Some(Type::Number)
        }
        "alltrue" | "anytrue" | "can" | "contains" | "endswith" | "fileexists" | "startswith" | "strcontains"
        | "tobool" => Some(Type::Bool),
        "compact" | "formatlist" | "split" => Some(Type::List(Box::new(Type::String))),
        _ => None,
    }
}

/// The arguments that a list gives.
enum Spread {
    Arguments(Vec<Values>),
    /// Nothing to spread, which is an error of the whole call, also to `try`.
    Error(Values),
    Unknown,
}

fn spread(items: &Values, location: Location) -> Spread {
    let [list] = items.as_slice() else { return Spread::Unknown };
    match &list.data {
        Data::List(..) if is_in_order(list) => {
            Spread::Arguments(elements(list).unwrap_or_default().into_iter().map(|(_, item)| item).collect())
        }
        Data::List(..) | Data::Unknown(_) => Spread::Unknown,
        Data::Error(_) => Spread::Error(items.clone()),
        _ => {
            let error = computed(Data::Error("arguments that are not a list".to_owned()), location);
            Spread::Error(vec![error.because_of(list)])
        }
    }
}

/// A function of known arguments, for every combination of them. A result that is one plain value hangs on all that the
/// arguments hold; a collection holds elements that bring their own influence along.
fn known(values: &[Values], location: Location, name: &str, apply: fn(&Call<'_, '_>) -> Outcome) -> Values {
    let apply = |arguments: &[&Traced]| settled(apply(&Call { location, arguments }));
    lift_with(
        values,
        location,
        |arguments| refined::decided(name, arguments),
        apply,
        |result, arguments| match result.data {
            Data::List(..) | Data::Object(..) => result,
            _ => arguments.iter().flat_map(|argument| parts(argument)).fold(result, Traced::because_of),
        },
    )
}

/// All that is in a value, but for the value itself.
fn parts(value: &Traced) -> Vec<&Traced> {
    let items: Vec<&Traced> = match &value.data {
        Data::List(_, items) => items.iter().flatten().collect(),
        Data::Object(_, items) => items.values().flatten().collect(),
        _ => Vec::new(),
    };
    let inner: Vec<&Traced> = items.iter().flat_map(|item| parts(item)).collect();
    items.into_iter().chain(inner).collect()
}

/// As [`known`], where the elements bring their own influence along, and the result has that of which elements there are.
fn elements_of(values: &[Values], location: Location, name: &str, apply: fn(&Call<'_, '_>) -> Outcome) -> Values {
    let apply = |arguments: &[&Traced]| settled(apply(&Call { location, arguments }));
    lift_with(
        values,
        location,
        |arguments| refined::decided(name, arguments),
        apply,
        |result, arguments| {
            let followed = arguments.iter().fold(Followed::Nothing, |all, value| all.and(&value.followed));
            match (&result.data, arguments.first().map(|first| &first.data)) {
                // What was an element is a key now, which has no mark of its own.
                (Data::Object(..), Some(Data::List(_, names))) => {
                    let sensitive = result.sensitive || names.iter().flatten().any(|name| name.sensitive);
                    Traced { followed, sensitive, hops: Hops::default(), ..result }
                }
                (Data::List(..) | Data::Object(..), _) => Traced { followed, hops: Hops::default(), ..result },
                (Data::Number(_), _) => Traced { followed, ..result },
                _ => result,
            }
        },
    )
}

/// A result as operators have it.
fn settled(outcome: Outcome) -> Result<Data, String> {
    match outcome {
        Ok(data) => Ok(data),
        Err(Stop::Error(why)) => Ok(Data::Error(why)),
        Err(Stop::Unknown(why)) => Err(why),
    }
}

/// Texts one behind the other, as a `for` directive of a template gives them.
pub(super) fn joined(texts: &Values, location: Location) -> Values {
    let nothing = vec![computed(Data::String(String::new()), location)];
    let texts = convert_all(texts, &Type::List(Box::new(Type::String)));
    known(&[nothing, texts], location, "join", sequence::join)
}

/// The unknown result of a function that is not known here, or not of these arguments.
fn unknown(why: String, values: &[Values], location: Location) -> Values {
    let unknown = Traced::unknown(why, location);
    vec![values.iter().flatten().fold(unknown, Traced::because_of)]
}
