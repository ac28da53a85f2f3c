/** A picture that was chosen, and what keeps it from being sent. */
export interface Chosen {
  file: File;
  problem: string | null;
}

export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const MOST_BYTES = 5 * 1024 * 1024;

export function choose(file: File): Chosen {
  return { file, problem: problemOf(file) };
}

function problemOf({ type, size }: File): string | null {
  if (!PICTURE_TYPES.includes(type)) return "Choose a JPEG, PNG, WebP or GIF picture.";
  if (size === 0) return "This file is empty. Choose another.";
  if (size > MOST_BYTES)
    return `This picture has ${megabytes(size)} MiB, and 5 MiB are the most. Choose a smaller one.`;
  return null;
}

/** Rounded up, so that what is too large never looks as if it fitted. */
function megabytes(bytes: number): string {
  return (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1);
}
