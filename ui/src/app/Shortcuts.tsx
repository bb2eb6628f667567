/** Keys that work on every screen of an evaluation, and the list of all of them. */
import { Kbd, Modal, Table } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Place } from "@/api/queries";
import { one } from "@/app/address";
import { screensHere, searchOf } from "@/app/screens";
import { useSearch } from "@/app/useSearch";

const OPEN = "mp-keys";

/** Keys of single screens; shown in the list. */
const OF_SCREENS = [
  ["/", "Explore: write a cohort"],
  ["j k or ↓ ↑", "Explore: next and previous row"],
  ["Enter", "Explore: open the row"],
  ["x", "Explore: mark the row; Shift+x: all between"],
  ["t", "Explore: tag the marked rows"],
  ["Ctrl+Z, Ctrl+Shift+Z", "Explore: undo and redo a filter"],
  ["← →", "Row: previous and next example"],
  ["k r u or 0–9", "Data, labels: keep, relabel, unsure, or the label of that digit"],
  ["z, j i", "Data, labels: take back; next and previous row"],
] as const;

export function openKeys() {
  window.dispatchEvent(new Event(OPEN));
}

/** Whether a key was meant for a field and not for the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return !!target?.closest("input, textarea, select, [contenteditable='true'], [role='dialog']");
}

export function Shortcuts({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  const { search } = useSearch();
  const navigate = useNavigate();
  const where = one(search, "where");

  useEffect(() => {
    let isGoing = false;
    const open = () => setOpen(true);
    const press = (event: KeyboardEvent) => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      const screen = isGoing && screensHere().find(({ key }) => key === event.key);
      isGoing = event.key === "g";
      if (event.key === "?") setOpen(true);
      if (screen) {
        event.stopImmediatePropagation(); // "t" alone is a key of Explore
        void navigate({
          to: `/e/$model/$dataset/${screen.name}` as never,
          params: place as never,
          search: searchOf(screen.name, where) as never,
        });
      }
    };
    window.addEventListener(OPEN, open);
    window.addEventListener("keydown", press, true);
    return () => {
      window.removeEventListener(OPEN, open);
      window.removeEventListener("keydown", press, true);
    };
  }, [navigate, place, where]);

  return (
    <Modal opened={isOpen} onClose={() => setOpen(false)} title="Keys" size="md">
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {screensHere().map(({ key, title }) => (
            <KeyRow key={key} keys={`g ${key}`} does={`Go to ${title}`} />
          ))}
          {OF_SCREENS.map(([keys, does]) => (
            <KeyRow key={keys} keys={keys} does={does} />
          ))}
          <KeyRow keys="?" does="This list" />
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function KeyRow({ keys, does }: { keys: string; does: string }) {
  return (
    <Table.Tr>
      <Table.Td w={170}>
        <Kbd>{keys}</Kbd>
      </Table.Td>
      <Table.Td>{does}</Table.Td>
    </Table.Tr>
  );
}
