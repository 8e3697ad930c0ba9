//! Borrow checking, as rustc does it: what is borrowed may not be written, moved or dropped
//! while a reference to it may still be used (`E0499`, `E0502`, `E0503`, `E0505`, `E0506`,
//! `E0597`, `E0716`). Not initialisation and mutability, which are in `flow.rs`.
//!
//! A body becomes a graph of small steps (`borrow/build.rs`): accesses of places, and values
//! that hand on what they borrow from variable to variable. From that follows which
//! variables may carry a loan, and a loan lasts from where it begins as far as one of these
//! may be used later (`borrow/loans.rs`). Invariant: a body without loans costs one walk.

mod build;
mod graph;
mod loans;

use crate::check::borrow::graph::{Access, Graph, LoanKind};
use crate::check::borrow::loans::Conflict;
use crate::check::session::Session;
use crate::check::tree::Body;
use crate::diagnostic::Diagnostic;

/// Checks a body that has no other errors.
pub(crate) fn check_body(session: &mut Session<'_>, body: &Body) {
    let graph = build::graph(session, body);
    for span in &graph.choices {
        session.report(
            Diagnostic::new(
                "B0805",
                *span,
                "a choice between mutable references to views",
            )
            .help("write to the view in each branch, or call a function there"),
        );
    }
    if graph.loans.is_empty() {
        return;
    }
    match loans::conflicts(&graph) {
        Some(conflicts) => {
            for conflict in conflicts {
                let error = describe(&graph, body, &conflict);
                if !session.errors.contains(&error) {
                    session.report(error);
                }
            }
        }
        None => session.report(
            Diagnostic::new(
                "B0801",
                body.value.span,
                "this function holds too many references at once",
            )
            .help("split the function"),
        ),
    }
}

/// The message, in rustc's words.
fn describe(graph: &Graph, body: &Body, conflict: &Conflict) -> Diagnostic {
    let loan = &graph.loans[conflict.loan];
    let name = conflict.place.name(body);
    let lent = loan.place.name(body);
    let span = conflict.span;
    let mutable = loan.kind != LoanKind::Shared;
    let again = span == loan.span;
    let previous = "in the previous iteration of the loop";
    let mut later = "borrow later used here";
    let error = match conflict.access {
        Access::Write | Access::BorrowMutably | Access::Reserve if loan.guard => Diagnostic::new(
            "E0510",
            span,
            format!("cannot assign `{name}` in match guard"),
        )
        .label("cannot assign")
        .related(loan.span, "value is immutable in match guard"),
        Access::BorrowMutably | Access::Reserve if mutable => {
            later = "first borrow later used here";
            let error = Diagnostic::new(
                "E0499",
                span,
                format!("cannot borrow `{name}` as mutable more than once at a time"),
            );
            if again {
                error.label(format!("`{lent}` was mutably borrowed here {previous}"))
            } else {
                error
                    .label("second mutable borrow occurs here")
                    .related(loan.span, "first mutable borrow occurs here")
            }
        }
        Access::BorrowMutably | Access::Reserve => {
            later = "immutable borrow later used here";
            Diagnostic::new(
                "E0502",
                span,
                format!(
                    "cannot borrow `{name}` as mutable because it is also borrowed as immutable"
                ),
            )
            .label("mutable borrow occurs here")
            .related(loan.span, "immutable borrow occurs here")
        }
        Access::Borrow => {
            later = "mutable borrow later used here";
            Diagnostic::new(
                "E0502",
                span,
                format!(
                    "cannot borrow `{name}` as immutable because it is also borrowed as mutable"
                ),
            )
            .label("immutable borrow occurs here")
            .related(loan.span, "mutable borrow occurs here")
        }
        Access::Read => Diagnostic::new(
            "E0503",
            span,
            format!("cannot use `{name}` because it was mutably borrowed"),
        )
        .label(format!("use of borrowed `{lent}`"))
        .related(loan.span, format!("`{lent}` is borrowed here")),
        Access::Write => Diagnostic::new(
            "E0506",
            span,
            format!("cannot assign to `{name}` because it is borrowed"),
        )
        .label(format!(
            "`{name}` is assigned to here but it was already borrowed"
        ))
        .related(loan.span, format!("`{lent}` is borrowed here")),
        Access::Move => Diagnostic::new(
            "E0505",
            span,
            format!("cannot move out of `{name}` because it is borrowed"),
        )
        .label(format!("move out of `{name}` occurs here"))
        .related(loan.span, format!("borrow of `{lent}` occurs here")),
        Access::End if loan.place.is_temporary(body) => {
            Diagnostic::new("E0716", loan.span, "temporary value dropped while borrowed")
                .label("creates a temporary value which is freed while still in use")
                .help("consider using a `let` binding to create a longer lived value")
        }
        Access::End => Diagnostic::new(
            "E0597",
            loan.span,
            format!("`{name}` does not live long enough"),
        )
        .label("borrowed value does not live long enough")
        .related(span, format!("`{name}` dropped here while still borrowed")),
    };
    match conflict.later {
        _ if loan.guard => error.help("assign in the arm, or bind the new value by another name"),
        Some((place, true)) if place != span && place != loan.span => {
            error.related(place, format!("{later}, in later iteration of loop"))
        }
        Some((place, _)) if place != span => error.related(place, later),
        _ => error,
    }
}
