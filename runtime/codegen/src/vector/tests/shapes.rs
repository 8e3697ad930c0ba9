//! The shape of strip programs: what stands outside of loops, which values loops carry, where
//! selects are, what is left out; and a walk of a part of a function over arrays.

use brolga_lang::Module;
use brolga_lang::ir::{ExprKind, For, LocalId, Program, Scalar, Statement};

use super::super::build::{Builder, Symbol, build};
use super::super::control::{Access, Memory, Walk};
use super::super::operators::Made;
use super::super::program::{LaneType, Loop, Node, Operation, StripProgram, ValueId, ValueType};
use super::super::refusal::Refusal;
use super::harness::{Machine, features};

fn program(text: &str) -> Program {
    let module = Module::parse("kernels.rs", text).unwrap();
    module.specialise("k", &[]).unwrap()
}

fn strip(text: &str) -> StripProgram {
    build(&program(text), features(Machine::Host)).unwrap()
}

fn loops(nodes: &[Node]) -> Vec<&Loop> {
    let mut found = Vec::new();
    for node in nodes {
        if let Node::Loop(inner) = node {
            found.push(inner);
            found.extend(loops(&inner.body));
        }
    }
    found
}

/// How many operations of a kind stand directly in a body.
fn count(strip: &StripProgram, nodes: &[Node], is: fn(Operation) -> bool) -> usize {
    nodes
        .iter()
        .filter(|node| matches!(node, Node::Value(value) if is(strip.entry(*value).operation)))
        .count()
}

fn is_select(operation: Operation) -> bool {
    matches!(operation, Operation::Select(..))
}

fn is_division(operation: Operation) -> bool {
    matches!(operation, Operation::Division(..))
}

#[test]
fn only_what_is_read_after_a_loop_is_frozen() {
    let strip = strip(
        "#[vectorize]
        pub fn k(cr: f64, ci: f64) -> u32 {
            let (mut zr, mut zi, mut n) = (0.0, 0.0, 0);
            while n < 50 && zr * zr + zi * zi <= 4.0 {
                let t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
                n += 1;
            }
            n
        }",
    );
    let [inner] = loops(&strip.body)[..] else {
        panic!("one loop");
    };
    // zr, zi, n and the mask; n alone is frozen.
    assert_eq!(inner.carried.len(), 4);
    assert_eq!(count(&strip, &inner.body, is_select), 1);
    assert!(inner.endless && inner.again.is_some());
}

#[test]
fn what_does_not_change_stands_before_the_loop() {
    let strip = strip(
        "#[vectorize]
        pub fn k(x: u32, y: u32) -> u32 {
            let mut sum = 0;
            let mut unused = 1;
            for i in 0..100_u32 {
                sum += (x | 1) / (y | 7) + i;
                unused += sum;
            }
            sum
        }",
    );
    let [inner] = loops(&strip.body)[..] else {
        panic!("one loop");
    };
    assert_eq!(inner.carried.len(), 1);
    assert_eq!(inner.turns, Some(100));
    assert!(inner.counter.is_some() && inner.again.is_none() && !inner.endless);
    assert_eq!(count(&strip, &inner.body, is_division), 0);
    assert_eq!(count(&strip, &strip.body, is_division), 1);
    assert_eq!(count(&strip, &inner.body, is_select), 0);
}

#[test]
fn a_small_loop_is_written_out_and_an_unread_one_left_out() {
    let written = strip(
        "#[vectorize]
        pub fn k(x: f64) -> f64 {
            let mut sum = x;
            for i in 0..4_u32 { sum = sum * x + i as f64; }
            sum
        }",
    );
    assert_eq!(loops(&written.body).len(), 0);
    let unread = strip(
        "#[vectorize]
        pub fn k(x: f64, n: u32) -> f64 {
            let mut sum = x;
            for i in 0..n { sum += i as f64; }
            x
        }",
    );
    assert_eq!(loops(&unread.body).len(), 0);
    assert_eq!(unread.inputs.len(), 1);
}

#[test]
fn a_failure_that_does_not_depend_on_the_turn_bails_before_the_loop() {
    let strip = strip(
        "#[vectorize]
        pub fn k(x: u32, y: u32) -> u32 {
            let mut sum = 0;
            for i in 0..100_u32 {
                if x > 3 { sum += x / y; }
                sum += i / (x + i);
            }
            sum
        }",
    );
    let [inner] = loops(&strip.body)[..] else {
        panic!("one loop");
    };
    let bails = |nodes: &[Node]| {
        let is_bail = |node: &&Node| matches!(node, Node::Bail(_));
        nodes.iter().filter(is_bail).count()
    };
    assert_eq!((bails(&strip.body), bails(&inner.body)), (1, 1));
    // The divisor under the branch is made harmless in the other lanes; the other needs none.
    assert_eq!(count(&strip, &strip.body, is_division), 1);
    assert_eq!(count(&strip, &strip.body, is_select), 1);
}

/// One view, whose elements are loaded from operands by their constant index, and stored aside.
#[derive(Default)]
struct Row {
    stored: Vec<(Symbol, Option<ValueId>)>,
}

impl Memory for Row {
    fn load(
        &mut self,
        builder: &mut Builder,
        access: &Access<'_>,
        active: Option<ValueId>,
    ) -> Made {
        assert_eq!((access.view, active), (LocalId(0), None));
        match &access.symbols[..] {
            [Symbol::Value(..)] if access.index.len() == 1 => {
                let value = Symbol::Input(0, Scalar::F64);
                builder
                    .value(&value)
                    .map(|value| Symbol::Value(value, Scalar::F64))
            }
            _ => Err(Refusal::new(format!("loads at site {}", access.site.0))),
        }
    }

    fn store(
        &mut self,
        _: &mut Builder,
        access: &Access<'_>,
        value: &Symbol,
        active: Option<ValueId>,
    ) -> Result<(), Refusal> {
        assert_eq!(access.symbols.len(), access.index.len());
        self.stored.push((value.clone(), active));
        Ok(())
    }

    fn length(&mut self, _: &mut Builder, _: LocalId, _: u8) -> Made {
        Ok(Symbol::Input(1, Scalar::Usize))
    }
}

/// The first counted loop of a kernel.
fn first_loop(program: &Program) -> &For {
    let statements = &program.functions[0].body.statements;
    statements
        .iter()
        .find_map(|statement| match statement {
            Statement::Expr(expression) => match &expression.kind {
                ExprKind::For(range) => Some(&**range),
                _ => None,
            },
            _ => None,
        })
        .expect("a counted loop")
}

#[test]
fn a_loop_of_a_function_is_walked_over_its_arrays() {
    let program = program(
        "#[jit]
        pub fn k(mut a: ArrayViewMut1<f64>, n: usize) {
            for i in 0..n {
                let x = a[i] * 2.0;
                if x < 1.0 { continue; }
                a[i] = x + 1.0;
            }
        }",
    );
    let range = first_loop(&program);
    let mut builder = Builder::new(features(Machine::Host));
    let position = builder
        .add(Operation::Position, ValueType::Lane(LaneType::I64))
        .unwrap();
    let mut locals = vec![None; program.functions[0].locals.len()];
    locals[range.variable.0 as usize] = Some(Symbol::Value(position, Scalar::Usize));
    let mut row = Row::default();
    let mut walk = Walk::part(&program, builder, locals, &mut row);
    let end = walk.turn(range.id, &range.body).unwrap();
    assert!(end.is_some());
    let builder = walk.into_builder();
    let [(Symbol::Value(stored, Scalar::F64), Some(active))] = row.stored[..] else {
        panic!("one masked store");
    };
    assert!(builder.list.entry(stored).ty.is_float());
    assert_eq!(builder.list.entry(active).ty.bits(), 64);
}
