//! Whether a vector loop is worth it: what has no vector form is done lane by lane, which costs
//! more than in the scalar loop, for each lane goes out of its vector and back into one. The
//! threshold is where both loops cost the same by this estimate. A loop with vector forms for all
//! that it does is always taken.

use brolga_lang::ir::{BinaryOp, UnaryOp};

use super::program::{
    LaneBinary, LaneType, LaneUnary, Node, Operation, Spread, StripProgram, Turns, ValueId,
    ValueType,
};
use super::refusal::Refusal;

/// The cost of a simple operation. A vector operation costs this for as many elements as have
/// room in a vector.
const SIMPLE: u64 = 16;
/// Taking operands out of their vectors and putting the result back, for one lane.
const TRANSFER: u64 = 5 * SIMPLE;
/// How often a loop turns whose turns are not known, and the most that counts of one.
const TURNS: u64 = 8;
const MOST_TURNS: u64 = 64;

/// What an operation costs for one element.
struct Cost {
    /// In the scalar loop.
    scalar: u64,
    vector: u64,
    /// What has no vector form.
    lane_by_lane: Option<String>,
}

/// Refuses what is expected to be slower than the scalar loop.
pub(super) fn worth_it(strip: &StripProgram) -> Result<(), Refusal> {
    if strip.body.iter().any(|node| is_ragged(strip, node)) {
        return Err(Refusal::new(
            "would be slower as a vector loop: there are two 64-bit integers to a vector, and they \
             leave their loop at different turns",
        ));
    }
    let mut sum = Sum {
        strip,
        scalar: 0,
        vector: 0,
        worst: (0, String::new()),
    };
    sum.nodes(&strip.body, 1);
    let (loss, what) = sum.worst;
    if loss > 0 && sum.vector > sum.scalar {
        return Err(Refusal::new(format!(
            "would be slower as a vector loop: {what}"
        )));
    }
    Ok(())
}

/// Whether a loop of which nobody knows the turns counts with 64-bit integers alone: a group
/// turns until its last element is done, and scalar code does three or four such operations at
/// once.
fn is_ragged(strip: &StripProgram, node: &Node) -> bool {
    let Node::Loop(inner) = node else {
        return false;
    };
    let mut wide = false;
    let mut floats = false;
    each_value(&inner.body, &mut |value| {
        let ty = strip.entry(value).ty;
        floats |= ty.is_float();
        wide |= ty == ValueType::Lane(LaneType::I64);
    });
    inner.turns.is_none() && wide && !floats
}

fn each_value(nodes: &[Node], f: &mut dyn FnMut(ValueId)) {
    for node in nodes {
        match node {
            Node::Value(value) => f(*value),
            Node::Loop(inner) => each_value(&inner.body, f),
            Node::Bail(_) => {}
        }
    }
}

struct Sum<'s> {
    strip: &'s StripProgram,
    scalar: u64,
    vector: u64,
    /// The largest loss by something without a vector form.
    worst: (u64, String),
}

impl Sum<'_> {
    fn nodes(&mut self, nodes: &[Node], times: u64) {
        for node in nodes {
            match node {
                Node::Value(value) => {
                    let cost = cost(self.strip, *value);
                    self.scalar = self
                        .scalar
                        .saturating_add(times.saturating_mul(cost.scalar));
                    let vector = times.saturating_mul(cost.vector);
                    self.vector = self.vector.saturating_add(vector);
                    if let Some(what) = cost.lane_by_lane
                        && vector > self.worst.0
                    {
                        self.worst = (vector, what);
                    }
                }
                Node::Loop(inner) => {
                    let turns = inner
                        .turns
                        .and_then(Turns::known)
                        .unwrap_or(TURNS)
                        .min(MOST_TURNS);
                    self.nodes(&inner.body, times.saturating_mul(turns));
                }
                // The scalar loop has the test too.
                Node::Bail(_) => {}
            }
        }
    }
}

/// One that has no vector form, of so many simple operations.
fn lane_by_lane(simple: u64, what: &str) -> Cost {
    Cost {
        scalar: simple * SIMPLE,
        vector: simple * SIMPLE + TRANSFER,
        lane_by_lane: Some(format!("{what} has no vector form")),
    }
}

fn cost(strip: &StripProgram, value: ValueId) -> Cost {
    let entry = strip.entry(value);
    let bits = entry.ty.bits();
    // So many operations for one element, and so many on vectors.
    let both = |scalar: u64, vector: u64| Cost {
        scalar: scalar * SIMPLE,
        vector: vector * SIMPLE * u64::from(bits) / 128,
        lane_by_lane: None,
    };
    let wide = bits == 64;
    match entry.operation {
        Operation::Constant(_)
        | Operation::MaskConstant(_)
        | Operation::Load(_)
        | Operation::Parameter
        | Operation::Position
        | Operation::Unary(LaneUnary::Reinterpret, _) => both(0, 0),
        // The scalar loop loads each element, too.
        Operation::LoadAt(_, Spread::Apart, _) => Cost {
            scalar: SIMPLE,
            vector: 2 * SIMPLE,
            lane_by_lane: None,
        },
        Operation::LoadAt(..) => both(1, 1),
        Operation::Unary(LaneUnary::Sqrt, _) => both(12, 14),
        Operation::Binary(LaneBinary::Div, ..) => both(8, 9),
        Operation::Binary(LaneBinary::Mul, ..)
            if matches!(entry.ty, ValueType::Lane(LaneType::I64 | LaneType::I8)) =>
        {
            both(3, 8)
        }
        Operation::Unary(..)
        | Operation::Binary(..)
        | Operation::Shift(..)
        | Operation::Fma(..)
        | Operation::Compare(..) => both(1, 1),
        Operation::Select(..) => both(1, if strip.fast_blend { 1 } else { 3 }),
        Operation::MaskNot(_) | Operation::MaskBinary(..) | Operation::MaskToInteger(_) => {
            both(1, 1)
        }
        Operation::MaskResize(_) => both(0, 1),
        Operation::Cast(from, to, _) if wide && from.is_float() && to.is_integer() => lane_by_lane(
            2,
            &format!("the conversion of `{}` to `{}`", from.name(), to.name()),
        ),
        Operation::Cast(..) => both(1, 3),
        Operation::ShiftLanes(..) => lane_by_lane(1, "a shift by an amount that varies"),
        Operation::MulHigh(..) if wide => lane_by_lane(2, "the upper half of a product of 64 bits"),
        Operation::MulHigh(..) => both(3, 6),
        Operation::Division(..) if wide => lane_by_lane(20, "division of 64-bit integers"),
        Operation::Division(..) => both(12, 18),
        Operation::Math(..) => both(20, 25),
        Operation::Math2(BinaryOp::Powi, ..) => both(20, 40),
        Operation::Math2(..) => both(40, 50),
        Operation::Lanewise(op, _) => match op {
            UnaryOp::Gamma | UnaryOp::Lgamma => lane_by_lane(60, "the gamma function"),
            UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc | UnaryOp::RoundTiesEven => {
                lane_by_lane(8, "rounding without SSE4.1")
            }
            UnaryOp::CountOnes
            | UnaryOp::LeadingZeros
            | UnaryOp::TrailingZeros
            | UnaryOp::SwapBytes
            | UnaryOp::ReverseBits => lane_by_lane(1, "counting or turning bits"),
            _ => lane_by_lane(8, "the conversion of half precision numbers"),
        },
        Operation::Lanewise2(..) => lane_by_lane(30, "`%` of floats"),
    }
}
