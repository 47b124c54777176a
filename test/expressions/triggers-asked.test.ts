import { compileWith, newEnvironment } from './fixture.js';

test.each<[string, readonly string[]]>([
  ['"storm" in triggers', ['storm']],
  ['customer.age > 1 && !("storm" in triggers)', ['storm']],
  ['customer.age > 1 ? "storm" in triggers : customer.tags.exists(t, "birthday" in triggers)', ['storm', 'birthday']],
  ['customer.age > 1 || "storm" in ["storm"]', []],
  ['"storm" in customer.scores.map(s, "storm")', []],
  ['size(triggers) > 0', ['storm', 'birthday']],
  ['triggers.exists(t, t == "storm")', ['storm', 'birthday']],
  ['["storm"].exists(t, t in triggers)', ['storm', 'birthday']],
  ['"storm" in triggers && triggers == ["storm"]', ['storm', 'birthday']],
  ['triggers.filter(t, t != "storm") == []', ['storm', 'birthday']],
  ['"storm" in (customer.age > 1 ? triggers : [])', ['storm', 'birthday']],
])('%s may ask for %j', (source, asked) => {
  const environment = newEnvironment();
  compileWith(environment, source, 'bool');
  expect(['storm', 'birthday'].filter((trigger) => environment.mayAskFor(trigger))).toEqual(asked);
});

test('what was compiled before counts, and nothing asks for any where nothing is compiled', () => {
  const environment = newEnvironment();
  expect(environment.mayAskFor('storm')).toBe(false);
  compileWith(environment, '"storm" in triggers');
  compileWith(environment, 'customer.age > 1');
  expect([environment.mayAskFor('storm'), environment.mayAskFor('birthday')]).toEqual([true, false]);
});
