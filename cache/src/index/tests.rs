//! Indexes that no store of ours makes: with right digests and wrong content, or very large.

use super::*;
use crate::files::FileKind;

#[path = "../../tests/support/mod.rs"]
mod support;

use crate::{MissReason, Mode};
use brolga_abi::DType;
use support::{Entry, Home, entry};

fn lesson(entry: &Entry, object: ObjectRef) -> Lesson<'_> {
    Lesson {
        text: &entry.text,
        request: &entry.request,
        fingerprint: &entry.fingerprint,
        object,
        meta: Some(&entry.meta),
        tables: &entry.tables,
    }
}

const OBJECT: ObjectRef = ObjectRef {
    digest: [1; 32],
    length: 100,
};

fn contents_of(entry: &Entry) -> IndexContents {
    let mut contents = IndexContents::new(entry.id.clone());
    contents.learn(lesson(entry, OBJECT)).unwrap();
    contents
}

/// Gives an altered index the digest that its prefix now has.
fn seal(bytes: &mut [u8]) {
    let head_end = Layout::read(bytes, bytes.len()).unwrap().head_end;
    let digest = prefix_digest(None, &bytes[..head_end]);
    bytes[32..TABLE_START].copy_from_slice(&digest);
}

/// Puts `bytes` as the index of `entry` into a folder that is otherwise in order.
fn home_with(entry: &Entry, bytes: &[u8]) -> Home {
    let home = Home::new();
    entry.store(&home.cache()).unwrap();
    std::fs::write(home.only(".nbi"), bytes).unwrap();
    home
}

fn reason(entry: &Entry, bytes: &[u8]) -> MissReason {
    let home = home_with(entry, bytes);
    let reason = entry.reason(&home.cache());
    entry.store(&home.cache()).unwrap();
    entry.assert_hit(&home.cache());
    reason
}

#[test]
fn contents_come_back_from_their_bytes() {
    let entry = entry(1);
    let contents = contents_of(&entry);
    let bytes = contents.encode(None).unwrap();
    let decoded = IndexContents::decode(None, &bytes, |id| *id == entry.id).unwrap();
    assert_eq!(decoded, (contents, false));
    let other = IndexContents::decode(None, &bytes, |id| *id != entry.id);
    assert_eq!(other, Err(Damage::Identity));
}

#[test]
fn an_index_that_names_the_object_of_another_function_is_a_miss() {
    let (one, two) = (entry(1), entry(2));
    let home = Home::new();
    one.store(&home.cache()).unwrap();
    let theirs = std::fs::read(home.only(".nbc")).unwrap();
    let object = ObjectRef {
        digest: crate::object::content_digest(None, &theirs),
        length: theirs.len() as u64,
    };
    // Under the very name that the second function's index leads to.
    let copy = home.files().join(two.id.object_name(&object.digest));
    let mut contents = IndexContents::new(two.id.clone());
    contents.learn(lesson(&two, object)).unwrap();
    std::fs::copy(home.only(".nbc"), copy).unwrap();
    std::fs::write(
        home.files().join(two.id.index_name()),
        contents.encode(None).unwrap(),
    )
    .unwrap();
    for name in home.names() {
        use std::os::unix::fs::PermissionsExt;
        let owner = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(home.files().join(name), owner).unwrap();
    }
    assert_eq!(
        two.reason(&home.cache_in(Mode::ReadOnly)),
        MissReason::ObjectKey
    );
    assert_eq!(two.reason(&home.cache()), MissReason::ObjectKey);
    assert_eq!(
        two.reason(&home.cache()),
        MissReason::ObjectMissing,
        "set aside"
    );
    one.assert_hit(&home.cache());
}

#[test]
fn a_section_that_is_about_another_request_is_not_taken() {
    let one = entry(1);
    let other = one.overload(&[DType::F32], 2);
    let mut contents = contents_of(&other);
    let section = contents.sections.pop_first().unwrap().1;
    contents
        .sections
        .insert(short(&one.request.digest()), section);
    let expected = MissReason::IndexUnreadable(Damage::Identity);
    assert_eq!(reason(&one, &contents.encode(None).unwrap()), expected);
}

#[test]
fn right_digests_over_nonsense_are_a_miss() {
    let entry = entry(1);
    let expected = MissReason::IndexUnreadable(Damage::Decode);

    let mut contents = contents_of(&entry);
    let key = codec::encode(&entry.request).unwrap();
    let section = [&key[..], &[0xff; 40]].concat();
    contents
        .sections
        .insert(short(&entry.request.digest()), section);
    assert_eq!(reason(&entry, &contents.encode(None).unwrap()), expected);

    let mut bytes = contents_of(&entry).encode(None).unwrap();
    let layout = Layout::read(&bytes, bytes.len()).unwrap();
    bytes[layout.head_start..layout.head_end].fill(0xff);
    seal(&mut bytes);
    assert_eq!(reason(&entry, &bytes), expected);

    let mut contents = contents_of(&entry);
    contents.head.metas[0].meta.results = vec![ElementType::Param(0)];
    assert_eq!(reason(&entry, &contents.encode(None).unwrap()), expected);
}

#[test]
fn rows_that_point_anywhere_are_a_miss() {
    let entry = entry(1);
    for (start, length) in [
        (u32::MAX, 1),
        (1, u32::MAX),
        (u32::MAX, u32::MAX),
        (0, 64),
        (1 << 30, 10),
        (200, 0),
    ] {
        let mut bytes = contents_of(&entry).encode(None).unwrap();
        let at = TABLE_START + 2 * SHORT;
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(start));
        bytes[at + 4..at + 8].copy_from_slice(&u32::to_le_bytes(length));
        seal(&mut bytes);
        let found = reason(&entry, &bytes);
        assert!(matches!(found, MissReason::IndexUnreadable(_)), "{found:?}");
    }
}

#[test]
fn sealed_alterations_never_panic() {
    let entry = entry(1);
    let sound = contents_of(&entry).encode(None).unwrap();
    let layout = Layout::read(&sound, sound.len()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    let files = Files::new(None);
    for at in (TABLE_START..layout.head_end).chain(12..24) {
        for value in [0, 1, 0x7f, 0xfb, 0xfd, 0xff] {
            let mut bytes = sound.clone();
            bytes[at] = value;
            if Layout::read(&bytes, bytes.len()).is_ok() {
                seal(&mut bytes);
            }
            std::fs::write(&path, &bytes).unwrap();
            let times = &mut LoadTimes::default();
            let open = files.open(&path, FileKind::Index).unwrap();
            if let Ok(view) = IndexView::read(&files, open, None, &entry.id, times) {
                let _ = view.versions(&files, &entry.request, times);
            }
            let _ = IndexContents::decode(None, &bytes, |_| true);
        }
    }
}

#[test]
fn one_of_two_thousand_overloads_is_found_and_hurt_alone() {
    let base = entry(1);
    let overloads: Vec<Entry> = (0..2000u64)
        .map(|number| {
            let mut other = base.clone();
            other.request.abi_hash = number;
            other.tables = support::tables(number as u32);
            other
        })
        .collect();
    let mut contents = IndexContents::new(base.id.clone());
    for overload in &overloads {
        contents.learn(lesson(overload, OBJECT)).unwrap();
    }
    let mut bytes = contents.encode(None).unwrap();
    assert!(bytes.len() > 2 * FIRST_READ);
    // One byte in the middle of one section.
    let hurt = Row::read(&bytes, 500).unwrap();
    bytes[hurt.start + 10] ^= 1;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    std::fs::write(&path, &bytes).unwrap();
    let files = Files::new(None);
    let times = &mut LoadTimes::default();
    let open = files.open(&path, FileKind::Index).unwrap();
    let view = IndexView::read(&files, open, None, &base.id, times).unwrap();
    for _ in 0..2 {
        for entry in &overloads {
            let found = view.versions(&files, &entry.request, times);
            if short(&entry.request.digest()) == hurt.request {
                assert_eq!(found, Err(ReadFailure::Bad(Damage::Digest)));
            } else {
                let found = found.unwrap().unwrap();
                assert_eq!(found[0].tables(&entry.text), Some(&entry.tables));
            }
        }
    }
    let mut absent = base.request.clone();
    absent.abi_hash = 2000;
    assert_eq!(view.versions(&files, &absent, times), Ok(None));

    let (repaired, damaged) = IndexContents::decode(None, &bytes, |_| true).unwrap();
    assert!(damaged);
    assert_eq!(repaired.overloads().count(), 1999);
}
