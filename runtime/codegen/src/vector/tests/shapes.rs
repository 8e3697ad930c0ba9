//! The shape of strip programs: what stands outside of loops, which values loops carry, where
//! selects are, what is left out.

use brolga_lang::Module;
use brolga_lang::ir::Program;

use super::super::build::build;
use super::super::program::{Loop, Node, Operation, StripProgram, Turns};
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
    assert_eq!(inner.turns, Some(Turns::Known(100)));
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
