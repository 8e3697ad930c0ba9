//! What the machine code of a vector loop looks like.

use super::harness::{MACHINES, compile};
use super::kernels;

#[test]
fn show() {
    for machine in MACHINES {
        for program in [kernels::axpy(), kernels::poly8(), kernels::leaky()] {
            let compiled = compile(&program, machine);
            println!("{}\n{}", compiled.strip, compiled.assembly);
        }
    }
}
