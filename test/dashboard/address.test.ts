import { expect, test } from 'vitest';
import { isSafeAddress, isWebAddress } from '../../src/dashboard/address.ts';

test.each(['https://www.tiktok.com/@anna/video/1', 'HTTP://example.com', 'https://example.com/ü?a=b#c'])(
  '%s leads out',
  (address) => {
    expect(isWebAddress(address)).toBe(true);
    expect(isSafeAddress(address)).toBe(true);
  },
);

test.each(['#/account/5', '/docs', '/', '?days=7', './here', '../there'])('%s stays here', (address) => {
  expect(isWebAddress(address)).toBe(false);
  expect(isSafeAddress(address)).toBe(true);
});

test.each([
  '',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:https://example.com/1',
  'file:///etc/passwd',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https:/\\evil.example',
  'https://exa\nmple.com',
  'www.example.com',
  'post',
])('%j is no address', (address) => {
  expect(isSafeAddress(address)).toBe(false);
});
