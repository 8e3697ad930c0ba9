use brolga::prelude::*;

fn misspelt(alpha: f64) -> f64 {
    alhpa
}

fn unknown_function(x: f64) -> f64 {
    mispelt(x)
}

fn method_as_function(x: f64) -> f64 {
    sqrt(x)
}

fn function_as_value(x: f64) -> f64 {
    let f = misspelt;
    x
}

fn value_as_function(x: f64) -> f64 {
    x(1.0)
}

fn unknown_path(x: f64) -> f64 {
    math::sin(x)
}

fn twice_the_same_parameter(x: i32, x: i32) -> i32 {
    x
}

fn unknown_label() -> i32 {
    'outer: loop {
        break 'oter 3;
    }
}

fn inner_functions_see_no_locals(x: f64) -> f64 {
    fn inner() -> f64 {
        x
    }
    inner()
}
