//! What the tests share: a folder, an entry to store, and other processes.
#![allow(dead_code)] // Each test file uses a part.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use brolga_abi::{
    CheckReport, DType, ElementType, FunctionMeta, GlobalMeta, GlobalType, KernelKind,
    KernelOptions, LoopCode, LoopKind, LoopPlace, LoopReport, PanicKind, ParamMeta, ParamType,
    Place, Site, TextTables,
};
use brolga_cache::{
    Cache, CacheConfig, FORMAT_VERSION, FunctionId, Hit, Layer, LayerSource, Miss, MissReason,
    Mode, ObjectInfo, Request, Selection, StoreFailure, TargetKey, TextKey,
};

/// Everything that is stored in one go.
#[derive(Clone)]
pub struct Entry {
    pub id: FunctionId,
    pub text: TextKey,
    pub request: Request,
    pub fingerprint: [u8; 32],
    pub meta: FunctionMeta,
    pub tables: TextTables,
    pub info: ObjectInfo,
    pub object: Vec<u8>,
}

pub fn tables(line: u32) -> TextTables {
    let site = Site {
        kind: PanicKind::Message("assertion failed: x > 0.0".to_string()),
        function: "relu".to_string(),
        file: "kernels.rs".to_string(),
        line,
        column: 5,
    };
    let slope = GlobalMeta {
        name: "SLOPE".to_string(),
        ty: GlobalType::Array(Box::new(GlobalType::Scalar(DType::F64)), 2),
        default: vec![u64::from(line), 0],
        doc: String::new(),
    };
    TextTables {
        sites: vec![site],
        subjects: vec!["x".to_string()],
        loops: vec![LoopPlace {
            variable: "i".to_string(),
            place: Place {
                function: "relu".to_string(),
                file: "kernels.rs".to_string(),
                line,
                column: 9,
            },
        }],
        globals: vec![slope],
    }
}

/// An entry; different numbers give different functions, texts, meanings and objects.
pub fn entry(number: u8) -> Entry {
    let name = format!("relu{number}");
    Entry {
        id: FunctionId {
            module: "kernels".to_string(),
            function: name.clone(),
        },
        text: TextKey([number; 32]),
        request: Request {
            types: vec![DType::F64, DType::F64],
            options: vec![0, 1],
            target: TargetKey {
                triple: "x86_64-unknown-linux-gnu".to_string(),
                cpu: "AuthenticAMD-25-97".to_string(),
                features: vec!["has_avx".to_string(), "has_fma".to_string()],
            },
            build_id: [9; 32],
            abi_hash: 77,
        },
        fingerprint: [number ^ 0x55; 32],
        meta: FunctionMeta {
            name,
            kind: KernelKind::Vectorize,
            doc: "Rectifier.".to_string(),
            type_params: Vec::new(),
            params: vec![ParamMeta {
                name: "x".to_string(),
                ty: ParamType::Scalar(ElementType::Concrete(DType::F64)),
            }],
            results: vec![ElementType::Concrete(DType::F64)],
            options: KernelOptions::default(),
        },
        tables: tables(u32::from(number) + 1),
        info: ObjectInfo {
            entry_symbol: "relu_entry".to_string(),
            imports: vec!["nrt_v_exp_f64".to_string()],
            can_fail: true,
            cost: 12,
            loops: vec![LoopReport {
                kind: LoopKind::Elements,
                code: LoopCode::Scalar("calls `gamma`".to_string()),
                scalar_cost: 7,
                kept: vec![CheckReport {
                    site: 0,
                    axis: Some(1),
                }],
                before: 2,
                not_needed: 3,
            }],
        },
        object: (0..100).map(|k: u8| k.wrapping_mul(number | 1)).collect(),
    }
}

impl Entry {
    /// The same function for other types, hence another overload.
    pub fn overload(&self, types: &[DType], tag: u8) -> Entry {
        let mut other = self.clone();
        other.request.types = types.to_vec();
        other.fingerprint[0] = tag;
        other.object.push(tag);
        other
    }

    pub fn store(&self, cache: &Cache) -> Result<(), StoreFailure> {
        cache.store(
            &self.id,
            &self.text,
            &self.request,
            &self.fingerprint,
            &self.meta,
            &self.tables,
            &self.info,
            &self.object,
        )
    }

    pub fn find(&self, cache: &Cache) -> Result<Hit, Miss> {
        cache.find_by_text(&self.id, &self.text, &self.request)
    }

    pub fn find_by_meaning(&self, cache: &Cache) -> Result<Hit, Miss> {
        cache.find_by_fingerprint(
            &self.id,
            &self.text,
            &self.request,
            &self.fingerprint,
            &self.meta,
            &self.tables,
        )
    }

    /// Whether `hit` is this entry.
    pub fn is(&self, hit: &Hit) -> bool {
        hit.object == self.object && hit.info == self.info && hit.tables == self.tables
    }

    pub fn assert_hit(&self, cache: &Cache) {
        let hit = self.find(cache).unwrap();
        assert!(self.is(&hit), "{hit:?}");
    }

    pub fn reason(&self, cache: &Cache) -> MissReason {
        self.find(cache).unwrap_err().reason
    }
}

/// A cache folder that is removed at the end.
pub struct Home {
    temporary: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Home {
        Home {
            temporary: tempfile::tempdir().unwrap(),
        }
    }

    /// The folder above the cache's.
    pub fn top(&self) -> &Path {
        self.temporary.path()
    }

    pub fn dir(&self) -> PathBuf {
        self.top().join("cache")
    }

    pub fn files(&self) -> PathBuf {
        self.dir().join(format!("v{FORMAT_VERSION}"))
    }

    pub fn config(&self, mode: Mode) -> CacheConfig {
        CacheConfig {
            dir: Some(self.dir()),
            mode,
            ..CacheConfig::default()
        }
    }

    pub fn cache(&self) -> Cache {
        self.cache_in(Mode::On)
    }

    pub fn cache_in(&self, mode: Mode) -> Cache {
        let cache = Cache::open(self.config(mode));
        cache.set_log(|_| {});
        cache
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.files())
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub fn names_with(&self, ending: &str) -> Vec<String> {
        let mut names = self.names();
        names.retain(|name| name.ends_with(ending));
        names
    }

    /// The only file with this ending.
    pub fn only(&self, ending: &str) -> PathBuf {
        let names = self.names_with(ending);
        assert_eq!(names.len(), 1, "{names:?}");
        self.files().join(&names[0])
    }
}

/// What a child process exits with when it has done what it is for: not 0, which a test
/// binary also exits with when it has run no test.
pub const DONE: i32 = 86;

/// This test binary again, to run its ignored test `test` with these variables.
pub fn command(test: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(child_arguments(test))
        .envs(variables.iter().copied())
        .stdout(std::process::Stdio::null());
    command
}

/// The same behind the shell commands `first`, for limits that only a shell can set.
pub fn command_after(first: &str, test: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{first}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(child_arguments(test))
        .envs(variables.iter().copied())
        .stdout(std::process::Stdio::null());
    command
}

fn child_arguments(test: &str) -> [&str; 5] {
    ["--ignored", "--exact", test, "--nocapture", "--quiet"]
}

pub fn spawn(test: &str, variables: &[(&str, &str)]) -> Child {
    command(test, variables).spawn().unwrap()
}

/// Ends a child process that has done what it is for.
pub fn done() -> ! {
    std::process::exit(DONE)
}

/// In a child process: a variable that its parent set. `None` when a person runs the
/// ignored tests, which have nothing to do then.
pub fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        skipped(&format!(
            "this test is run by another one, which sets {name}"
        ));
    }
    value
}

/// In a child process: the cache of its parent.
pub fn child_cache() -> Option<Cache> {
    let cache = Cache::open(CacheConfig {
        dir: Some(variable("BROLGA_TEST_DIR")?.into()),
        mode: Mode::On,
        ..CacheConfig::default()
    });
    cache.set_log(|_| {});
    Some(cache)
}

/// Says that a test could not be tried here. Written past the test harness, which would
/// swallow it.
pub fn skipped(why: &str) {
    let test = std::thread::current();
    let line = format!("skipped {}: {why}\n", test.name().unwrap_or("a test"));
    // Nothing is to be done if standard error is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Everything below `dir` and itself: the bytes, and what changes when something is touched.
pub fn state(dir: &Path) -> Vec<(PathBuf, Vec<u8>, [i64; 7])> {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = std::fs::symlink_metadata(dir) else {
        return Vec::new();
    };
    let marks = [
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.ino() as i64,
        i64::from(metadata.mode()),
        metadata.len() as i64,
    ];
    let bytes = match metadata.is_file() {
        true => std::fs::read(dir).unwrap(),
        false => Vec::new(),
    };
    let mut all = vec![(dir.to_path_buf(), bytes, marks)];
    if metadata.is_dir() {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        all.extend(paths.iter().flat_map(|path| state(path)));
    }
    all
}

/// A cache in `home` over `layers`.
pub fn over(home: &Home, layers: &[Layer]) -> Cache {
    over_in(home, Mode::On, layers)
}

/// The same in a mode.
pub fn over_in(home: &Home, mode: Mode, layers: &[Layer]) -> Cache {
    let cache = Cache::open(CacheConfig {
        layers: layers.to_vec(),
        ..home.config(mode)
    });
    cache.set_log(|_| {});
    cache
}

/// The folder of `home` as a layer.
pub fn folder_layer(home: &Home) -> Layer {
    Layer::new(LayerSource::Folder(home.dir()))
}

/// All that `home` holds as a bundle beside its folder.
pub fn bundle_of(home: &Home) -> PathBuf {
    let path = home.top().join("all.nbb");
    home.cache().export(&path, &Selection::default()).unwrap();
    path
}
