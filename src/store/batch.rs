//! Rows that share a statement.

/// Rows of a statement: few sizes, so that the driver keeps each prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Cuts rows into batches of the usual sizes, the largest first.
pub(super) fn batches<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (batch, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_batch_of_a_usual_size() {
        let rows: Vec<u32> = (0..150).collect();
        let sizes: Vec<usize> = batches(&rows).map(<[u32]>::len).collect();
        assert_eq!(sizes, [64, 64, 16, 4, 1, 1]);
        assert_eq!(batches(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(batches::<u32>(&[]).count(), 0);
    }
}
