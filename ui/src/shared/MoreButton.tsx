/** Shows a long list as a whole, or its first lines again. */
import { UnstyledButton } from "@mantine/core";
import { count } from "@/shared/format";

interface MoreButtonProps {
  n: number;
  shown: number; // lines of the short list
  things: string;
  isWhole: boolean;
  setWhole: (isWhole: boolean) => void;
}

export function MoreButton({ n, shown, things, isWhole, setWhole }: MoreButtonProps) {
  if (n <= shown) return null;
  return (
    <UnstyledButton
      fz="sm"
      c="var(--mp-selected)"
      mt="xs"
      aria-expanded={isWhole}
      onClick={() => setWhole(!isWhole)}
    >
      {isWhole ? `The first ${shown} only` : `All ${count(n)} ${things}`}
    </UnstyledButton>
  );
}
