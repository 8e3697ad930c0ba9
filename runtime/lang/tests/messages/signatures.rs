#[vectorize(signatures = [(f32), (f46)])]
fn a<T: Float>(x: T) -> T { x }
#[vectorize(signatures = [])]
fn b<T: Float>(x: T) -> T { x }
#[vectorize(signatures = (f32, f64))]
fn c<T: Float>(x: T) -> T { x }
#[vectorize(signatures = [(f32), (f64), (f32)])]
fn d<T: Float>(x: T) -> T { x }
#[vectorize(signatures = [(f32) -> 3])]
fn e<T: Float>(x: T) -> T { x }
