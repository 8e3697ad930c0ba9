//! Shrunk kernels on which the two sides once differed.

use brolga_lang::ir::Scalar;
use brolga_oracle::Agreement;

use super::compare::compare;
use super::node::{Kernel, Name, Node, Sort};

/// A kernel of this body; the parameters are `p0`, `p1` and so on.
fn kernel(number: usize, params: &[Scalar], results: &[Scalar], body: &str) -> Kernel {
    let params = params.iter().enumerate().map(|(k, &ty)| Name {
        name: format!("p{k}"),
        ty: ty.into(),
        mutable: false,
    });
    let template = body.replace('{', "{{").replace('}', "}}");
    Kernel {
        name: format!("k{number}"),
        params: params.collect(),
        results: results.to_vec(),
        body: Node::new(Sort::Results, template, Vec::new()),
        agreement: Agreement::Bits,
    }
}

#[test]
fn what_once_differed_agrees() {
    use Scalar::{Bool, F32, F64, I32, Usize};
    let all: &[(&[Scalar], &[Scalar], &str)] = &[
        (&[Bool], &[F64], "f64::from(p0)"),
        (&[Bool], &[F32], "f32::from(p0) - 2.0"),
        (
            &[Usize, F32],
            &[F32],
            "let mut a = [(1.0, p1, 2), (3.0, p1, 4)];\na[p0 % 2].1 *= 2.0;\na[1].2 += 1;\na[0].1 + a[1].1 + a[1].0 + a[1].2 as f32",
        ),
        (
            &[Usize, I32],
            &[I32],
            "struct S { f: [(i32, [i32; 2]); 2] }\nlet mut s = S { f: [(p1, [1, 2]); 2] };\ns.f[p0 & 1].1[p0 % 3] ^= p1;\ns.f[0].1[1] ^ s.f[1].1[0]",
        ),
    ];
    let kernels: Vec<Kernel> = all
        .iter()
        .enumerate()
        .map(|(number, (params, results, body))| kernel(number, params, results, body))
        .collect();
    let outcome = compare(&kernels, 300, 1);
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert!(
        outcome.disagreements.is_empty(),
        "{}",
        super::report(&outcome.disagreements)
    );
}
