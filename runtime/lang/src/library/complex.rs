// The methods of complex numbers that are more than one operation, in the kernel language
// itself: the checker calls these functions where a kernel calls the method of the same name.
// Not part of any package's modules: the text is parsed when a kernel first needs it. The
// arithmetic is that of num-complex, operation by operation; a test of the prelude compiles
// this file with rustc and compares every function with the method.

use brolga::prelude::*;

fn norm<T: Float>(z: Complex<T>) -> T {
    z.re.hypot(z.im)
}

fn arg<T: Float>(z: Complex<T>) -> T {
    z.im.atan2(z.re)
}

fn l1_norm<T: Float>(z: Complex<T>) -> T {
    z.re.abs() + z.im.abs()
}

fn norm_sqr<T: Float>(z: Complex<T>) -> T {
    z.re * z.re + z.im * z.im
}

fn to_polar<T: Float>(z: Complex<T>) -> (T, T) {
    (norm(z), arg(z))
}

fn from_polar<T: Float>(r: T, theta: T) -> Complex<T> {
    Complex::new(r * theta.cos(), r * theta.sin())
}

fn cis<T: Float>(phase: T) -> Complex<T> {
    Complex::new(phase.cos(), phase.sin())
}

fn i<T: Float>() -> Complex<T> {
    Complex::new(T::zero(), T::one())
}

fn one<T: Float>() -> Complex<T> {
    Complex::new(T::one(), T::zero())
}

fn conj<T: Float>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re, -z.im)
}

fn inv<T: Float>(z: Complex<T>) -> Complex<T> {
    let square = norm_sqr(z);
    Complex::new(z.re / square, -z.im / square)
}

fn finv<T: Float>(z: Complex<T>) -> Complex<T> {
    let length = norm(z);
    conj(z) / length / length
}

fn fdiv<T: Float>(z: Complex<T>, other: Complex<T>) -> Complex<T> {
    z * finv(other)
}

fn scale<T: Float>(z: Complex<T>, factor: T) -> Complex<T> {
    Complex::new(z.re * factor, z.im * factor)
}

fn unscale<T: Float>(z: Complex<T>, divisor: T) -> Complex<T> {
    Complex::new(z.re / divisor, z.im / divisor)
}

fn powu<T: Float>(z: Complex<T>, exponent: u32) -> Complex<T> {
    if exponent == 0 {
        return one::<T>();
    }
    let mut rest = exponent;
    let mut base = z;
    while rest & 1 == 0 {
        base = base * base;
        rest >>= 1;
    }
    let mut power = base;
    while rest > 1 {
        rest >>= 1;
        base = base * base;
        if rest & 1 == 1 {
            power = power * base;
        }
    }
    power
}

fn powi<T: Float>(z: Complex<T>, exponent: i32) -> Complex<T> {
    if exponent < 0 {
        powu(inv(z), exponent.wrapping_neg() as u32)
    } else {
        powu(z, exponent as u32)
    }
}

fn powf<T: Float>(z: Complex<T>, exponent: T) -> Complex<T> {
    if exponent == T::zero() {
        return one::<T>();
    }
    let (r, theta) = to_polar(z);
    from_polar(r.powf(exponent), theta * exponent)
}

fn powc<T: Float>(z: Complex<T>, exponent: Complex<T>) -> Complex<T> {
    if exponent.re == T::zero() && exponent.im == T::zero() {
        return one::<T>();
    }
    exp(exponent * ln(z))
}

fn expf<T: Float>(z: Complex<T>, base: T) -> Complex<T> {
    from_polar(base.powf(z.re), z.im * base.ln())
}

fn exp<T: Float>(z: Complex<T>) -> Complex<T> {
    let mut angle = z.im;
    if z.re.is_infinite() {
        if z.re < T::zero() {
            if !angle.is_finite() {
                return Complex::new(T::zero(), T::zero());
            }
        } else if angle == T::zero() || !angle.is_finite() {
            if angle.is_infinite() {
                angle = T::NAN;
            }
            return Complex::new(z.re, angle);
        }
    } else if z.re.is_nan() && angle == T::zero() {
        return z;
    }
    from_polar(z.re.exp(), angle)
}

fn exp2<T: Float>(z: Complex<T>) -> Complex<T> {
    from_polar(z.re.exp2(), z.im * T::from_f64(std::f64::consts::LN_2))
}

fn ln<T: Float>(z: Complex<T>) -> Complex<T> {
    let (r, theta) = to_polar(z);
    Complex::new(r.ln(), theta)
}

fn log<T: Float>(z: Complex<T>, base: T) -> Complex<T> {
    let (r, theta) = to_polar(z);
    Complex::new(r.log(base), theta / base.ln())
}

fn log2<T: Float>(z: Complex<T>) -> Complex<T> {
    ln(z) / T::from_f64(std::f64::consts::LN_2)
}

fn log10<T: Float>(z: Complex<T>) -> Complex<T> {
    ln(z) / T::from_f64(std::f64::consts::LN_10)
}

fn sqrt<T: Float>(z: Complex<T>) -> Complex<T> {
    let two = T::one() + T::one();
    if z.im == T::zero() {
        if z.re.is_sign_positive() {
            return Complex::new(z.re.sqrt(), z.im);
        }
        let root = (-z.re).sqrt();
        return Complex::new(T::zero(), if z.im.is_sign_positive() { root } else { -root });
    }
    if z.re == T::zero() {
        let x = (z.im.abs() / two).sqrt();
        return Complex::new(x, if z.im.is_sign_positive() { x } else { -x });
    }
    let (r, theta) = to_polar(z);
    from_polar(r.sqrt(), theta / two)
}

fn cbrt<T: Float>(z: Complex<T>) -> Complex<T> {
    let two = T::one() + T::one();
    let three = two + T::one();
    if z.im == T::zero() {
        if z.re.is_sign_positive() {
            return Complex::new(z.re.cbrt(), z.im);
        }
        let re = (-z.re).cbrt() / two;
        let im = three.sqrt() * re;
        return Complex::new(re, if z.im.is_sign_positive() { im } else { -im });
    }
    if z.re == T::zero() {
        let im = z.im.abs().cbrt() / two;
        let re = three.sqrt() * im;
        return Complex::new(re, if z.im.is_sign_positive() { im } else { -im });
    }
    let (r, theta) = to_polar(z);
    from_polar(r.cbrt(), theta / three)
}

fn sin<T: Float>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re.sin() * z.im.cosh(), z.re.cos() * z.im.sinh())
}

fn cos<T: Float>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re.cos() * z.im.cosh(), -z.re.sin() * z.im.sinh())
}

fn tan<T: Float>(z: Complex<T>) -> Complex<T> {
    let (re, im) = (z.re + z.re, z.im + z.im);
    unscale(Complex::new(re.sin(), im.sinh()), re.cos() + im.cosh())
}

fn asin<T: Float>(z: Complex<T>) -> Complex<T> {
    -i::<T>() * ln(sqrt(one::<T>() - z * z) + i::<T>() * z)
}

fn acos<T: Float>(z: Complex<T>) -> Complex<T> {
    -i::<T>() * ln(i::<T>() * sqrt(one::<T>() - z * z) + z)
}

fn atan<T: Float>(z: Complex<T>) -> Complex<T> {
    let unit = i::<T>();
    let two = one::<T>() + one::<T>();
    if z == unit {
        return Complex::new(T::zero(), T::INFINITY);
    }
    if z == -unit {
        return Complex::new(T::zero(), -T::INFINITY);
    }
    (ln(one::<T>() + unit * z) - ln(one::<T>() - unit * z)) / (two * unit)
}

fn sinh<T: Float>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re.sinh() * z.im.cos(), z.re.cosh() * z.im.sin())
}

fn cosh<T: Float>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re.cosh() * z.im.cos(), z.re.sinh() * z.im.sin())
}

fn tanh<T: Float>(z: Complex<T>) -> Complex<T> {
    let (re, im) = (z.re + z.re, z.im + z.im);
    unscale(Complex::new(re.sinh(), im.sin()), re.cosh() + im.cos())
}

fn asinh<T: Float>(z: Complex<T>) -> Complex<T> {
    ln(z + sqrt(one::<T>() + z * z))
}

fn acosh<T: Float>(z: Complex<T>) -> Complex<T> {
    let two = one::<T>() + one::<T>();
    two * ln(sqrt((z + one::<T>()) / two) + sqrt((z - one::<T>()) / two))
}

fn atanh<T: Float>(z: Complex<T>) -> Complex<T> {
    let two = one::<T>() + one::<T>();
    if z == one::<T>() {
        return Complex::new(T::INFINITY, T::zero());
    }
    if z == -one::<T>() {
        return Complex::new(-T::INFINITY, T::zero());
    }
    (ln(one::<T>() + z) - ln(one::<T>() - z)) / two
}

fn is_nan<T: Float>(z: Complex<T>) -> bool {
    z.re.is_nan() || z.im.is_nan()
}

fn is_infinite<T: Float>(z: Complex<T>) -> bool {
    !is_nan(z) && (z.re.is_infinite() || z.im.is_infinite())
}

fn is_finite<T: Float>(z: Complex<T>) -> bool {
    z.re.is_finite() && z.im.is_finite()
}

fn is_normal<T: Float>(z: Complex<T>) -> bool {
    z.re.is_normal() && z.im.is_normal()
}
