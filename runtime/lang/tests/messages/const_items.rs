const A: [f64; 2] = [1.0, 2.0];
const B: f64 = "b";
const C<T>: f64 = 1.0;
const D: &str = "d";
