//! From shell text to our own tree. The only file that knows `shuck-parser`.
//!
//! Statements, redirects and the extent of words come from the parser; words themselves are read by `words`.

use std::rc::Rc;

use shuck_ast as ast;
use shuck_parser::parser::{Parser, ShellDialect, ShellProfile};

use crate::script::shell::mapped::{Text, floor};
use crate::script::shell::mask::mask_expansions;
use crate::script::shell::tree::{
    AssignedValue, Assignment, Command, Link, Place, Redirect, RedirectKind, Statement, Unit, Word,
};
use crate::script::shell::words;

/// Nesting of statements beyond which the parser gives up. Real scripts stay below ten; the parser, this file and the
/// walk recurse once a level, so this bounds their stack.
const DEEPEST: usize = 40;

/// Parser operations allowed for one text. A 16 KiB script needs some thousands.
const MOST_OPERATIONS: usize = 400_000;

/// Parses a script. Never fails: what could not be read is missing from the tree, and `problem` says where.
pub fn parse(text: Text) -> Unit {
    let profile = ShellProfile::native(ShellDialect::Bash);
    let (simple, unclosed) = mask_expansions(text.as_str());
    let result = Parser::with_limits_and_profile(&simple, DEEPEST, MOST_OPERATIONS, profile).parse();
    let adapter = Adapter { text: text.as_str() };
    let body = adapter.statements(&result.file.body);
    let error = || result.diagnostics.first().map_or_else(Place::default, |diagnostic| adapter.place(diagnostic.span));
    let problem = result.is_err().then(error).or(unclosed);
    let problem = problem.map(|place| line_of(text.as_str(), place));
    Unit { text, body, problem }
}

/// The line on which a syntax error shows. The parser points at the token it stumbled over, which may be a line end, or
/// at everything from an open quote to the end of the script.
fn line_of(text: &str, place: Place) -> Place {
    let start = place.start.min(text.trim_end().len());
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    Place { start: start + line.len() - line.trim_start().len(), end: start + line.trim_end().len() }
}

struct Adapter<'a> {
    text: &'a str,
}

impl Adapter<'_> {
    fn place(&self, span: ast::Span) -> Place {
        let start = floor(self.text, span.start.offset());
        Place { start, end: floor(self.text, span.end.offset()).max(start) }
    }

    fn word(&self, word: &ast::Word) -> Word {
        words::word(self.text, self.place(word.span))
    }

    fn words(&self, words: &[ast::Word]) -> Vec<Word> {
        words.iter().map(|word| self.word(word)).collect()
    }

    fn statements(&self, sequence: &ast::StmtSeq) -> Vec<Statement> {
        sequence.stmts.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&self, statement: &ast::Stmt) -> Statement {
        let command = self.command(statement);
        let mut place = None;
        let mut cover = |part: Place| {
            if part.end > part.start {
                place = Some(place.map_or(part, |place: Place| place.to(part)));
            }
        };
        if let Command::Simple { words, .. } = &command {
            for word in words {
                cover(word.place);
            }
            for redirect in &statement.redirects {
                cover(match redirect.heredoc() {
                    Some(heredoc) => self.place(heredoc.delimiter.span),
                    None => self.place(redirect.span),
                });
            }
        }
        Statement {
            redirects: statement.redirects.iter().map(|redirect| self.redirect(redirect)).collect(),
            negated: statement.negated,
            background: matches!(statement.terminator, Some(ast::StmtTerminator::Background(_))),
            place: place.unwrap_or_else(|| self.place(statement.span)),
            command,
        }
    }

    fn redirect(&self, redirect: &ast::Redirect) -> Redirect {
        let kind = match redirect.kind {
            ast::RedirectKind::Output | ast::RedirectKind::Clobber | ast::RedirectKind::OutputBoth => {
                RedirectKind::Output
            }
            ast::RedirectKind::Append => RedirectKind::Append,
            ast::RedirectKind::Input => RedirectKind::Input,
            ast::RedirectKind::HereString => RedirectKind::HereString,
            ast::RedirectKind::HereDoc | ast::RedirectKind::HereDocStrip => RedirectKind::HereDoc {
                expanded: redirect.heredoc().is_some_and(|heredoc| heredoc.delimiter.expands_body),
            },
            _ => RedirectKind::Other,
        };
        let word = match &redirect.target {
            ast::RedirectTarget::Word(word) => self.word(word),
            ast::RedirectTarget::Heredoc(heredoc) => words::heredoc(
                self.text,
                self.place(heredoc.body.span),
                heredoc.delimiter.expands_body,
                heredoc.delimiter.strip_tabs,
            ),
        };
        Redirect { kind, descriptor: redirect.fd, word }
    }

    fn command(&self, statement: &ast::Stmt) -> Command {
        match &statement.command {
            ast::Command::Simple(simple) => {
                let mut words = Vec::with_capacity(simple.args.len() + 1);
                if simple.name.span.end.offset() > simple.name.span.start.offset() {
                    words.push(self.word(&simple.name));
                }
                words.extend(self.words(&simple.args));
                Command::Simple { assignments: self.assignments(&simple.assignments), words }
            }
            ast::Command::Builtin(builtin) => self.builtin(builtin),
            ast::Command::Decl(declaration) => self.declaration(declaration),
            ast::Command::Binary(binary) => self.binary(binary),
            ast::Command::Compound(compound) => self.compound(compound),
            ast::Command::Function(function) => Command::Function {
                names: function.static_names().map(ToString::to_string).collect(),
                body: Rc::new(self.statement(&function.body)),
            },
            ast::Command::AnonymousFunction(function) => Command::Group(vec![self.statement(&function.body)]),
        }
    }

    fn assignments(&self, assignments: &[ast::Assignment]) -> Vec<Assignment> {
        assignments.iter().flat_map(|assignment| self.assignment(assignment)).collect()
    }

    /// An assignment; that of a list with keys is one for each of them.
    fn assignment(&self, assignment: &ast::Assignment) -> Vec<Assignment> {
        let name = assignment.target.name.to_string();
        let element = |index: &ast::Subscript| {
            let index = self.text.get(self.place(index.span()).range()).unwrap_or_default().trim_matches(['"', '\'']);
            // An index that is computed may be any.
            format!("{name}[{}]", if index.contains(['$', '`']) { "" } else { index })
        };
        let array = match &assignment.value {
            ast::AssignmentValue::Scalar(word) => {
                let name = assignment.target.subscript.as_deref().map_or_else(|| name.clone(), element);
                return vec![Assignment {
                    name,
                    append: assignment.append,
                    value: AssignedValue::Scalar(self.word(word)),
                }];
            }
            ast::AssignmentValue::Compound(array) => array,
        };
        let mut plain = Vec::new();
        let mut assigned = Vec::new();
        for item in &array.elements {
            match item {
                ast::ArrayElem::Sequential(word) => plain.push(self.word(word)),
                ast::ArrayElem::Keyed { key, value } | ast::ArrayElem::KeyedAppend { key, value } => {
                    let value = AssignedValue::Scalar(self.word(value));
                    assigned.push(Assignment { name: element(key), append: false, value });
                }
            }
        }
        // The list first: it takes the place of older elements.
        assigned
            .insert(0, Assignment { name: name.clone(), append: assignment.append, value: AssignedValue::List(plain) });
        assigned
    }

    fn builtin(&self, builtin: &ast::BuiltinCommand) -> Command {
        let (name, argument, more, assignments, span) = match builtin {
            ast::BuiltinCommand::Break(it) => ("break", &it.depth, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Continue(it) => ("continue", &it.depth, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Return(it) => ("return", &it.code, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Exit(it) => ("exit", &it.code, &it.extra_args, &it.assignments, it.span),
        };
        let place = self.place(span);
        let start = self.text[place.range()].find(name).map_or(place.start, |offset| place.start + offset);
        let mut words = vec![words::word(self.text, Place { start, end: (start + name.len()).min(place.end) })];
        words.extend(argument.iter().map(|word| self.word(word)));
        words.extend(self.words(more));
        Command::Simple { assignments: self.assignments(assignments), words }
    }

    fn declaration(&self, declaration: &ast::DeclClause) -> Command {
        let mut assignments = self.assignments(&declaration.assignments);
        let mut words = vec![words::word(self.text, self.place(declaration.variant_span))];
        for operand in &declaration.operands {
            match operand {
                ast::DeclOperand::Flag(word) | ast::DeclOperand::Dynamic(word) => words.push(self.word(word)),
                ast::DeclOperand::Name(name) => words.push(words::word(self.text, self.place(name.span))),
                ast::DeclOperand::Assignment(assignment) => assignments.extend(self.assignment(assignment)),
            }
        }
        Command::Simple { assignments, words }
    }

    /// Lists and pipelines nest to the left, up to a thousand deep: they are flattened without recursion.
    fn binary(&self, binary: &ast::BinaryCommand) -> Command {
        let is_pipe = |op: ast::BinaryOp| matches!(op, ast::BinaryOp::Pipe | ast::BinaryOp::PipeAll);
        let pipe = is_pipe(binary.op);
        let mut links = Vec::new();
        let mut current = binary;
        let first = loop {
            let link = if current.op == ast::BinaryOp::Or { Link::Or } else { Link::And };
            links.push((link, self.statement(&current.right)));
            match &current.left.command {
                ast::Command::Binary(left)
                    if is_pipe(left.op) == pipe && !current.left.negated && current.left.redirects.is_empty() =>
                {
                    current = left;
                }
                _ => break self.statement(&current.left),
            }
        };
        links.push((Link::And, first));
        links.reverse();
        if pipe {
            Command::Pipeline(links.into_iter().map(|(_, statement)| statement).collect())
        } else {
            Command::Chain(links)
        }
    }

    fn compound(&self, compound: &ast::CompoundCommand) -> Command {
        use ast::CompoundCommand as Compound;
        match compound {
            Compound::If(it) => {
                let mut branches = vec![(self.statements(&it.condition), self.statements(&it.then_branch))];
                branches
                    .extend(it.elif_branches.iter().map(|(test, body)| (self.statements(test), self.statements(body))));
                Command::If { branches, otherwise: it.else_branch.as_ref().map(|body| self.statements(body)) }
            }
            Compound::For(it) => Command::For {
                name: it.targets.first().and_then(|target| target.name.as_ref()).map(ToString::to_string),
                words: it.words.as_ref().map(|words| self.words(words)),
                body: self.statements(&it.body),
            },
            Compound::Select(it) => Command::For { name: None, words: None, body: self.statements(&it.body) },
            Compound::Repeat(it) => Command::For { name: None, words: None, body: self.statements(&it.body) },
            Compound::Foreach(it) => Command::For { name: None, words: None, body: self.statements(&it.body) },
            Compound::ArithmeticFor(it) => Command::For { name: None, words: None, body: self.statements(&it.body) },
            Compound::While(it) => {
                Command::Loop { condition: self.statements(&it.condition), body: self.statements(&it.body) }
            }
            Compound::Until(it) => {
                Command::Loop { condition: self.statements(&it.condition), body: self.statements(&it.body) }
            }
            Compound::Case(it) => Command::Case {
                word: self.word(&it.word),
                arms: it.cases.iter().map(|case| self.statements(&case.body)).collect(),
            },
            Compound::Subshell(body) => Command::Subshell(self.statements(body)),
            Compound::BraceGroup(body) => Command::Group(self.statements(body)),
            Compound::Time(it) => Command::Group(it.command.iter().map(|inner| self.statement(inner)).collect()),
            Compound::Coproc(it) => Command::Subshell(vec![self.statement(&it.body)]),
            Compound::Always(it) => {
                let mut body = self.statements(&it.body);
                body.extend(self.statements(&it.always_body));
                Command::Group(body)
            }
            Compound::Conditional(it) => Command::Test(self.test(&it.expression)),
            Compound::Arithmetic(_) => Command::Nothing,
        }
    }

    /// The operands and operators of `[[ … ]]`, in order. Chains nest deeply: an own stack instead of recursion.
    fn test(&self, expression: &ast::ConditionalExpr) -> Vec<Word> {
        enum Step<'a> {
            Expression(&'a ast::ConditionalExpr),
            Word(ast::Span),
        }
        let mut steps = vec![Step::Expression(expression)];
        let mut words = Vec::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Word(span) => words.push(words::word(self.text, self.place(span))),
                Step::Expression(ast::ConditionalExpr::Binary(it)) => {
                    steps.push(Step::Expression(&it.right));
                    steps.push(Step::Word(it.op_span));
                    steps.push(Step::Expression(&it.left));
                }
                Step::Expression(ast::ConditionalExpr::Unary(it)) => {
                    steps.push(Step::Expression(&it.expr));
                    steps.push(Step::Word(it.op_span));
                }
                Step::Expression(ast::ConditionalExpr::Parenthesized(it)) => steps.push(Step::Expression(&it.expr)),
                Step::Expression(other) => steps.push(Step::Word(other.span())),
            }
        }
        words
    }
}
