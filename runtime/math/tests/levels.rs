//! Every function gives the same bits for one number and in a strip, at every level that this CPU
//! has, wherever the strip lies and however long it is; and a strip function writes its strip and
//! nothing else. Not whether the bits are right: other tests compare with exact results.

use brolga_math::{Definition, Entry, Level, definition, definitions};

/// The types of a strip function: element sizes in bytes.
struct Strip {
    name: &'static str,
    entry: Entry,
    /// Of the results, and the first source.
    size: usize,
    /// Of a second source.
    second_source: Option<usize>,
    results: usize,
}

/// The operands of one element, and its results: words.
type Row = [u64; 2];

fn strips() -> Vec<Strip> {
    let strip = |definition: &Definition| {
        let (size, second_source, results) = match definition.entry {
            Entry::Unary32(_) | Entry::Unary64(_) | Entry::Binary32(_) | Entry::Binary64(_) => {
                return None;
            }
            Entry::UnaryStrip32(_) => (4, None, 1),
            Entry::UnaryStrip64(_) => (8, None, 1),
            Entry::BinaryStrip32(_) => (4, Some(4), 1),
            Entry::BinaryStrip64(_) => (8, Some(8), 1),
            Entry::PairStrip32(_) => (4, None, 2),
            Entry::PairStrip64(_) => (8, None, 2),
            Entry::PowiStrip32(_) => (4, Some(4), 1),
            Entry::PowiStrip64(_) => (8, Some(4), 1),
        };
        let (name, entry) = (definition.name, definition.entry);
        Some(Strip {
            name,
            entry,
            size,
            second_source,
            results,
        })
    };
    definitions().iter().filter_map(strip).collect()
}

fn levels() -> impl Iterator<Item = Level> {
    let highest = Level::of_this_cpu();
    Level::ALL
        .into_iter()
        .filter(move |level| *level <= highest)
}

/// The word of a result: which NaN it is does not count.
fn word(size: usize, bits: u64) -> u64 {
    match size {
        4 if f32::from_bits(bits as u32).is_nan() => f32::NAN.to_bits().into(),
        4 => bits,
        _ if f64::from_bits(bits).is_nan() => f64::NAN.to_bits(),
        _ => bits,
    }
}

/// What a function for one number gives at a level.
fn scalar(name: &str, level: Level, [x, y]: Row) -> u64 {
    let entry = definition(name).expect(name).entry;
    let single = |x: u64| f32::from_bits(x as u32);
    let k = level as usize;
    // SAFETY: the CPU has the level, and the functions take any number.
    unsafe {
        match entry {
            Entry::Unary32(f) => word(4, f[k](single(x)).to_bits().into()),
            Entry::Unary64(f) => word(8, f[k](f64::from_bits(x)).to_bits()),
            Entry::Binary32(f) => word(4, f[k](single(x), single(y)).to_bits().into()),
            Entry::Binary64(f) => word(8, f[k](f64::from_bits(x), f64::from_bits(y)).to_bits()),
            _ => panic!("{name} is a strip function"),
        }
    }
}

/// The names of the functions for one number that a strip function applies; of `powi`, which
/// compiled code computes itself, none.
fn scalars(strip: &Strip) -> Vec<String> {
    let (function, suffix) = strip.name["nrt_v_".len()..]
        .rsplit_once('_')
        .expect("a type");
    let names: &[&str] = match function {
        "sin_cos" => &["sin", "cos"],
        "powi" => &[],
        _ => &[function],
    };
    names
        .iter()
        .map(|name| format!("nrt_{name}_{suffix}"))
        .collect()
}

/// What a strip function must give for one element.
fn expected(strip: &Strip, names: &[String], level: Level, row: Row) -> Row {
    match names {
        [one] => [scalar(one, level, row), 0],
        [one, two] => [scalar(one, level, row), scalar(two, level, row)],
        _ => {
            let exponent = row[1] as i32;
            let power = match strip.size {
                4 => f32::from_bits(row[0] as u32)
                    .powi(exponent)
                    .to_bits()
                    .into(),
                _ => f64::from_bits(row[0]).powi(exponent).to_bits(),
            };
            [word(strip.size, power), 0]
        }
    }
}

/// Elements of `size` bytes.
fn bytes(size: usize, words: impl Iterator<Item = u64>) -> Vec<u8> {
    words
        .flat_map(|w| w.to_le_bytes().into_iter().take(size))
        .collect()
}

/// Which memory the first destination has.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Place {
    Apart,
    AtTheFirstSource,
    /// Of two sources of one type the second; of two destinations the second is at the source.
    Second,
}

const PLACES: [Place; 3] = [Place::Apart, Place::AtTheFirstSource, Place::Second];
/// How many bytes before and after a strip are watched.
const GUARD: usize = 128;
const UNTOUCHED: u8 = 0xa5;

/// Runs a strip function over rows, its memory `offset` elements after an aligned address; checks
/// what surrounds the strips, and that sources stay. `None` where the place makes no sense.
fn run(strip: &Strip, level: Level, rows: &[Row], offset: usize, place: Place) -> Option<Vec<Row>> {
    let n = rows.len();
    let (size, second) = (strip.size, strip.second_source);
    let two = strip.results == 2;
    if place == Place::Second && !two && second != Some(size) {
        return None;
    }
    let buffer = |size: usize, words: &mut dyn Iterator<Item = u64>| {
        let mut buffer = vec![UNTOUCHED; GUARD + offset * size];
        buffer.extend(bytes(size, words));
        buffer.resize(buffer.len() + GUARD, UNTOUCHED);
        buffer
    };
    let start = |size: usize| GUARD + offset * size;
    let mut x = buffer(size, &mut rows.iter().map(|r| r[0]));
    let mut y = buffer(second.unwrap_or(1), &mut rows.iter().map(|r| r[1]));
    let mut dst = buffer(size, &mut rows.iter().map(|_| 0));
    let mut other = dst.clone();
    let (x_before, y_before) = (x.clone(), y.clone());
    let code = strip.entry.address(level);
    // SAFETY: the types of the functions are those of the entry, but for the pointers' types, which
    // have no part in a call; all buffers hold `n` elements after their starts, and differ unless
    // the function allows that they are the same.
    unsafe {
        let x = x.as_mut_ptr().add(start(size));
        let y = y.as_mut_ptr().add(start(second.unwrap_or(1)));
        let (d, e) = (
            dst.as_mut_ptr().add(start(size)),
            other.as_mut_ptr().add(start(size)),
        );
        let first = match place {
            Place::Apart => d,
            Place::AtTheFirstSource => x,
            Place::Second if two => d,
            Place::Second => y,
        };
        match (second, two) {
            (Some(_), _) => {
                type F = unsafe extern "C" fn(*mut u8, *const u8, *const u8, usize);
                std::mem::transmute::<*const u8, F>(code)(first, x, y, n);
            }
            (None, true) => {
                type F = unsafe extern "C" fn(*mut u8, *mut u8, *const u8, usize);
                let second = if place == Place::Second { x } else { e };
                std::mem::transmute::<*const u8, F>(code)(first, second, x, n);
            }
            (None, false) => {
                type F = unsafe extern "C" fn(*mut u8, *const u8, usize);
                std::mem::transmute::<*const u8, F>(code)(first, x, n);
            }
        }
    }
    let (first, second_result) = match place {
        Place::Apart => (&dst, &other),
        Place::AtTheFirstSource => (&x, &other),
        Place::Second if two => (&dst, &x),
        Place::Second => (&y, &other),
    };
    for (buffer, before) in [(&x, &x_before), (&y, &y_before)] {
        let written = std::ptr::eq(buffer, first) || two && std::ptr::eq(buffer, second_result);
        assert!(
            written || buffer == before,
            "{} changes its source",
            strip.name
        );
    }
    let results = |buffer: &[u8]| -> Vec<u64> {
        let (before, rest) = buffer.split_at(start(size));
        let (own, after) = rest.split_at(n * size);
        let untouched = |bytes: &[u8]| bytes.iter().all(|&b| b == UNTOUCHED);
        assert!(
            untouched(before) && untouched(after) && after.len() == GUARD,
            "{} writes beyond {n} elements ({level:?}, {place:?})",
            strip.name
        );
        let element = |bytes: &[u8]| {
            let mut whole = [0; 8];
            whole[..size].copy_from_slice(bytes);
            word(size, u64::from_le_bytes(whole))
        };
        own.chunks_exact(size).map(element).collect()
    };
    let first = results(first);
    let second = if two {
        results(second_result)
    } else {
        vec![0; n]
    };
    Some(first.into_iter().zip(second).map(|(a, b)| [a, b]).collect())
}

/// Numbers without a pattern (SplitMix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// At least 0 and less than 1.
    fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Zeros, ends of ranges and domains, and what is beside them.
fn special(size: usize) -> Vec<u64> {
    let mut values = vec![
        0.0,
        0.5,
        1.0,
        2.0,
        3.0,
        0.25,
        1.0 / 3.0,
        std::f64::consts::PI,
        std::f64::consts::FRAC_PI_2,
        std::f64::consts::FRAC_PI_4,
        std::f64::consts::LN_2,
        std::f64::consts::E,
        10.0,
        1e5,
        1e16,
        1e22,
        89.0,
        103.9,
        127.0,
        128.0,
        149.0,
        150.0,
        709.782_712_893_384,
        710.4,
        745.133_219_101_941_2,
        1023.0,
        1024.0,
        1074.0,
        1075.0,
        6.0,
        26.5,
        27.3,
        f64::INFINITY,
        f64::NAN,
    ];
    values.extend((-12..=12).map(|k| 10_f64.powi(3 * k)));
    values.extend((1..40).map(|k| f64::from(k) * std::f64::consts::FRAC_PI_2));
    if size == 4 {
        let mut bits: Vec<u32> = values.iter().map(|&x| (x as f32).to_bits()).collect();
        bits.extend([1, 2, 0x007f_ffff, 0x0080_0000, 0x0080_0001, 0x7f7f_ffff]);
        let near = |b: &u32| [*b, b.wrapping_add(1), b.wrapping_sub(1)];
        let all = bits.iter().flat_map(near).flat_map(|b| [b, b ^ 1 << 31]);
        all.map(u64::from).collect()
    } else {
        let mut bits: Vec<u64> = values.iter().map(|&x| x.to_bits()).collect();
        bits.extend([1, 2, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000]);
        bits.extend([0x0010_0000_0000_0001, 0x7fef_ffff_ffff_ffff]);
        let near = |b: &u64| [*b, b.wrapping_add(1), b.wrapping_sub(1)];
        bits.iter()
            .flat_map(near)
            .flat_map(|b| [b, b ^ 1 << 63])
            .collect()
    }
}

/// A random number: any bits, or one of an everyday range.
fn random(size: usize, random: &mut Random) -> u64 {
    let sign = if random.word() & 1 == 0 { 1.0 } else { -1.0 };
    let value = match random.word() % 8 {
        0 | 1 => return random.word() >> (64 - 8 * size),
        2 => random.unit(),
        3 => 1.0 + (random.unit() - 0.5) * 2_f64.powi(-((random.word() % 50) as i32)),
        4 => 10.0 * random.unit(),
        5 => 800.0 * random.unit(),
        6 => 1e6 * random.unit(),
        _ => (600.0 * (random.unit() - 0.5)).exp2(),
    };
    if size == 4 {
        ((sign * value) as f32).to_bits().into()
    } else {
        (sign * value).to_bits()
    }
}

/// Operands of a function: all special ones, then random ones up to `count` in all.
fn rows(strip: &Strip, count: usize, seed: u64) -> Vec<Row> {
    let mut source = Random(seed);
    let special = special(strip.size);
    let exponents = strip.name.contains("powi");
    let second = |source: &mut Random| match strip.second_source {
        None => 0,
        Some(_) if exponents => {
            let bits = source.word() as u32;
            let edges = [0, 1, -1, 2, -2, 3, i32::MAX, i32::MIN, 1074, -1074];
            let exponent = match bits % 4 {
                0 => bits as i32,
                1 => edges[bits as usize / 4 % edges.len()],
                _ => bits as i32 % 64,
            };
            u64::from(exponent as u32)
        }
        Some(size) => match source.word() % 3 {
            0 => special[source.word() as usize % special.len()],
            _ => random(size, source),
        },
    };
    let mut rows = Vec::with_capacity(count);
    let rounds = if strip.second_source.is_some() { 12 } else { 1 };
    for _ in 0..rounds {
        for &x in &special {
            rows.push([x, second(&mut source)]);
        }
    }
    // The order must not sort rare numbers into blocks of their own.
    while rows.len() < count {
        rows.push([random(strip.size, &mut source), second(&mut source)]);
    }
    for k in (1..rows.len()).rev() {
        rows.swap(k, source.word() as usize % (k + 1));
    }
    rows
}

fn same(strip: &Strip, level: Level, what: &str, rows: &[Row], found: &[Row], expected: &[Row]) {
    for ((row, found), expected) in rows.iter().zip(found).zip(expected) {
        assert!(
            found == expected,
            "{} of {row:#x?} at {level:?}, {what}: {found:#x?}, expected {expected:#x?}",
            strip.name
        );
    }
    assert_eq!(found.len(), rows.len());
    assert_eq!(expected.len(), rows.len());
}

#[test]
fn one_number_and_a_long_strip_give_the_same_bits_at_every_level() {
    for (number, strip) in strips().iter().enumerate() {
        let names = scalars(strip);
        let all = rows(strip, 20_000, number as u64);
        let reference: Vec<Row> = all
            .iter()
            .map(|&row| expected(strip, &names, Level::of_this_cpu(), row))
            .collect();
        for level in levels() {
            // A fused multiply-add is slow there.
            let count = if level == Level::Baseline {
                5_000
            } else {
                all.len()
            };
            let (rows, reference) = (&all[..count], &reference[..count]);
            let scalar: Vec<Row> = rows
                .iter()
                .map(|&row| expected(strip, &names, level, row))
                .collect();
            same(strip, level, "one number", rows, &scalar, reference);
            let found = run(strip, level, rows, 0, Place::Apart).expect("always possible");
            same(strip, level, "a strip", rows, &found, reference);
        }
    }
}

#[test]
fn a_strip_of_any_length_anywhere_is_written_and_nothing_else() {
    for (number, strip) in strips().iter().enumerate() {
        let names = scalars(strip);
        let rows = rows(strip, 2_000, 1_000 + number as u64);
        let reference: Vec<Row> = rows
            .iter()
            .map(|&row| expected(strip, &names, Level::of_this_cpu(), row))
            .collect();
        let mut at = 0;
        for level in levels() {
            for n in 0..=70 {
                for offset in 0..8 {
                    for place in PLACES {
                        // Another part of the rows each time.
                        at = (at + 37) % (rows.len() - n);
                        let (rows, reference) = (&rows[at..at + n], &reference[at..at + n]);
                        let Some(found) = run(strip, level, rows, offset, place) else {
                            continue;
                        };
                        let what = format!("{n} elements, offset {offset}, {place:?}");
                        same(strip, level, &what, rows, &found, reference);
                    }
                }
            }
        }
    }
}

#[test]
fn every_function_for_one_number_is_compared() {
    let compared: Vec<String> = strips().iter().flat_map(scalars).collect();
    for definition in definitions() {
        let strip = definition.name.starts_with("nrt_v_");
        assert!(
            strip || compared.iter().any(|name| name == definition.name),
            "{}",
            definition.name
        );
    }
}
