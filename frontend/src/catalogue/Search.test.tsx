import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Search } from "./Search";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function type(text: string) {
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: text } });
}

test("searches once, after the last letter", () => {
  const asked = vi.fn();
  render(<Search value="" onChange={asked} />);
  for (const text of ["t", "te", "tea "]) {
    type(text);
    act(() => vi.advanceTimersByTime(150));
  }
  expect(asked).not.toHaveBeenCalled();
  act(() => vi.advanceTimersByTime(50));
  expect(asked.mock.calls).toEqual([["tea"]]);
});

test("follows the address when it changes by other means", () => {
  const { rerender } = render(<Search value="tea" onChange={vi.fn()} />);
  rerender(<Search value="" onChange={vi.fn()} />);
  expect(screen.getByRole("searchbox")).toHaveProperty("value", "");
});

test("what is being typed is not overwritten by the search it caused", () => {
  const { rerender } = render(<Search value="" onChange={vi.fn()} />);
  type("te");
  act(() => vi.advanceTimersByTime(200));
  type("tea ");
  rerender(<Search value="te" onChange={vi.fn()} />);
  expect(screen.getByRole("searchbox")).toHaveProperty("value", "tea ");
});
