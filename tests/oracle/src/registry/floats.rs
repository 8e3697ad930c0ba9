//! Cases of float operators and methods, and of the classics of numeric code.

use super::{each, for_floats, scalars};
use crate::case::{Case, case};
use crate::values::Domain::Between;

pub fn add(cases: &mut Vec<Case>) {
    for_floats! { cases;
        arith::axpy(T, T, T) -> T;
        arith::float_operators(T, T) -> (T, T, T);
        casts::generic_conversions(T, i32) -> (f64, T, T);
        constants::of_parameters(T) -> (bool, T, T, T);
        floats::rounding(T) -> (T, T, T, T, T, T);
        floats::signs(T, T) -> (T, T, T, bool, bool);
        floats::classify(T) -> (bool, bool, bool, bool, bool);
        floats::smaller_and_larger(T, T) -> (T, T), either_zero();
        floats::clamp_float(T, T, T) -> T;
        floats::euclid_float(T, T) -> (T, T);
        floats::fused(T, T, T) -> T;
        floats::roots(T) -> (T, T);
        floats::integer_power(T, i32) -> T;
        floats::angles(T) -> (T, T);
        floats::neighbours(T, T) -> (T, T, T);
        generic::horner(T) -> T;
        generic::lerp(T, T, T) -> T;
        generic::newton_sqrt(T) -> T;
        transcendental::exponentials(T) -> (T, T, T);
        transcendental::logarithms(T) -> (T, T, T, T);
        transcendental::logarithm_to_base(T, T) -> T;
        transcendental::trigonometry(T) -> (T, T, T);
        transcendental::inverse_trigonometry(T) -> (T, T, T);
        transcendental::hyperbolic(T) -> (T, T, T);
        transcendental::inverse_hyperbolic(T) -> (T, T, T);
        transcendental::planar(T, T) -> (T, T);
        transcendental::powers(T, T) -> (T, T);
        transcendental::error_functions(T) -> (T, T);
        transcendental::gamma_functions(T) -> (T, T);
        attributes::signatures(T, T) -> T;
    }
    scalars! { cases;
        arith::leaky_relu: fn(f64) -> f64;
        arith::compound_f32: fn(f32, f32) -> f32;
        arith::clip: fn(f64, f64, f64) -> f64;
        floats::rounding_f64: fn(f64) -> (f64, f64, f64, f64);
        floats::classify_f32: fn(f32) -> u8;
        floats::smallest_f64: fn(f64, f64, f64) -> f64, either_zero();
        floats::clamp_constant: fn(f64) -> f64;
        floats::fused_polynomial: fn(f64) -> f64;
        floats::constant_powers: fn(f64) -> (f64, f64, f64, f64, f64);
        floats::bits_f64: fn(f64) -> (u64, f64);
        floats::bits_f32: fn(f32) -> (u32, f32);
        floats::order_is_kept: fn(f32, f32, f32, f32) -> (f32, f32, f32);
        floats::comparisons_with_nan: fn(f64, f64) -> u8;
        transcendental::sine_and_cosine: fn(f64) -> (f64, f64);
        transcendental::error_functions_f64: fn(f64) -> f64;
        transcendental::guarded_logarithm: fn(f64) -> f64;
        transcendental::softplus: fn(f32) -> f32;
        transcendental::chain: fn(f64) -> f64;
        transcendental::cosine_fixed_point: fn(f64) -> f64;
        transcendental::rounds_of_square_root: fn(f64, u8) -> f64;
        transcendental::gelu: fn(f32) -> f32;
        transcendental::methods_of_f32: fn(f32, f32) -> (f32, f32, f32, f32, f32, f32);
        transcendental::methods_of_f64: fn(f64, f64) -> (f64, f64, f64, f64, f64, f64);
        numeric::black_scholes: fn(f64, f64, f64, f64, f64) -> (f64, f64),
            over(&[
                Between(1.0, 200.0),
                Between(1.0, 200.0),
                Between(0.01, 5.0),
                Between(-0.05, 0.1),
                Between(0.01, 1.0)
            ]);
        numeric::haversine: fn(f64, f64, f64, f64) -> f64,
            over(&[
                Between(-90.0, 90.0),
                Between(-180.0, 180.0),
                Between(-90.0, 90.0),
                Between(-180.0, 180.0)
            ]);
        numeric::mandelbrot: fn(f64, f64) -> u32;
        numeric::mandelbrot: fn(f64, f64) -> u32, over(&[Between(-2.0, 0.5), Between(-1.2, 1.2)]);
        numeric::polynomial8: fn(f64) -> f64;
        numeric::logistic: fn(f64) -> f64;
        numeric::bisection: fn(f64, f64) -> (f64, i32);
        numeric::lorenz_step: fn(f64, f64, f64) -> (f64, f64, f64);
        numeric::huber: fn(f32, f32) -> f32;
        recursion::integral: fn(f64, f64) -> f64;
        constants::of_floats: fn(f64, f32) -> (bool, bool, f64, f64, f32, f32);
        constants::of_std: fn(f64, f32) -> (f64, f64, f32);
        attributes::multiply: fn(f64, f64) -> f64;
        attributes::parallel_cube: fn(f64) -> f64;
        // `fastmath` contracts: one rounding less, of a product below 10^4.
        attributes::fast_sum: fn(f64, f64, f64) -> f64,
            over(&[Between(-100.0, 100.0); 3]), within(1e-15, 2e-12);
    }
}
