fn scale(x: f64) -> f64 {
    x
}

const scale: f64 = 1.0;

fn unknown_type(x: Flaot) -> f64 {
    1.0
}

fn unbounded<T>(x: T) -> T {
    x
}

fn both<T: Integer + Float>(x: T) -> T {
    x
}

fn mutable_number(x: &mut f64) {
    *x = 1.0;
}

fn view_of_tuples(x: ArrayView1<(f64, f64)>) -> f64 {
    1.0
}

fn gives_a_view(x: ArrayView1<f64>) -> ArrayView1<f64> {
    x
}

fn placeholder(x: _) -> f64 {
    1.0
}
