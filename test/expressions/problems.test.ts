import { allRoots, problemsOf } from './fixture.js';

/** Every message in full: they are what an author of rules sees. */
type Row = readonly [source: string, offset: number, message: string];

describe('names', () => {
  test.each<Row>([
    ['customer.agee > 1', 0, 'customer.agee is not declared; did you mean customer.age?'],
    ['customer.age > 1 && customer.regoin == "north"', 20, 'customer.regoin is not declared; did you mean customer.region?'],
    ['customer.completelyElse == 1', 0, 'customer.completelyElse is not declared; customer has age, children, balance, income, name, deceased, vulnerable, region, housing, birthDate, memberSince, lastLogin, address, tags, scores, orders, limits, extra, id, consents, holdings'],
    ['customer.aeg > 1', 0, 'customer.aeg is not declared; did you mean customer.age?'],
    ['customer.member == now', 0, 'customer.member is not declared; did you mean customer.memberSince?'],
    ['contxt.page == "x"', 0, 'contxt is not declared; did you mean context?'],
    ['chanel == "web"', 0, 'chanel is not declared; did you mean channel?'],
    ['age > 18', 0, 'age is not declared; did you mean customer.age?'],
    ['north', 0, 'north is not declared; here are customer, offer, context, channel, direction, triggers, now, propensity, value, event. A text is written in quotes: "north"'],
    ['customer', 0, 'customer is not a value; name one of its fields, such as customer.age'],
    ['customer.address == 1', 0, '== compares an object with a number: customer.address is an object, 1 is an integer'],
    ['customer.adress.city == "x"', 0, 'customer.adress is not declared; did you mean customer.address?'],
    ['customer.address.citi == "x"', 0, 'customer.address.citi is not declared; did you mean customer.address.city?'],
    ['customer.address.geo.lng > 1.0', 0, 'customer.address.geo.lng is not declared; customer.address.geo has lat'],
    ['offer.risc > 1', 0, 'offer.risc is not declared; did you mean offer.risk?'],
    ['customer.orders.exists(o, o.amout > 1)', 26, 'o.amout is not declared; did you mean o.amount?'],
    ['customer.orders.amount > 1', 0, 'customer.orders is a list of objects and has no field amount; ask of its elements: customer.orders.exists(x, x.amount …)'],
    ['customer.age.years', 0, 'customer.age is an integer and has no field years'],
    ['event.dta == 1', 0, 'event.dta is not declared; did you mean event.data?'],
    ['has(customer.agee)', 4, 'customer.agee is not declared; did you mean customer.age?'],
    ['has(customer)', 0, 'has asks for a field: has(customer.age)'],
    ['has(customer.age > 1)', 0, 'has asks for a field: has(customer.age)'],
    ['customer["agee"]', 0, 'customer.agee is not declared; did you mean customer.age?'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('operands', () => {
  test.each<Row>([
    ['customer.age == "18"', 0, '== compares a number with a text: customer.age is an integer, "18" is a string; write 18 without quotes'],
    ['"18" == customer.age', 0, '== compares a text with a number: "18" is a string, customer.age is an integer; write 18 without quotes'],
    ['customer.age < "18"', 0, '< compares a number with a text: customer.age is an integer, "18" is a string; write 18 without quotes'],
    ['customer.name == 3', 0, '== compares a text with a number: customer.name is a string, 3 is an integer'],
    ['customer.deceased == "yes"', 0, '== compares a true/false value with a text: customer.deceased is true or false, "yes" is a string; write true'],
    ['customer.deceased == 1', 0, '== compares a true/false value with a number: customer.deceased is true or false, 1 is an integer; write true'],
    ['customer.deceased != 0', 0, '!= compares a true/false value with a number: customer.deceased is true or false, 0 is an integer; write false'],
    ['customer.deceased == 2', 0, '== compares a true/false value with a number: customer.deceased is true or false, 2 is an integer'],
    ['customer.holdings == "card"', 0, '== compares a list with a text: customer.holdings is a list of strings, "card" is a string; write "card" in customer.holdings'],
    ['triggers != "storm"', 0, '!= compares a list with a text: triggers is a list of strings, "storm" is a string; write !("storm" in triggers)'],
    ['customer.region == ["north", "south"]', 0, '== compares a text with a list: customer.region is a string, ["north", "south"] is a list of strings; write customer.region in ["north", "south"]'],
    ['customer.age == ["north"]', 0, '== compares a number with a list: customer.age is an integer, ["north"] is a list of strings'],
    ['customer.memberSince < "2026-01-01"', 0, '< compares a date with a text: customer.memberSince is a date, "2026-01-01" is a string; write date("2026-01-01")'],
    ['customer.memberSince == "2026-01-01"', 0, '== compares a date with a text: customer.memberSince is a date, "2026-01-01" is a string; write date("2026-01-01")'],
    ['now > "2026-01-01T00:00:00Z"', 0, '> compares a timestamp with a text: now is a timestamp, "2026-01-01T00:00:00Z" is a string; write timestamp("2026-01-01T00:00:00Z")'],
    ['now - customer.lastLogin > "30d"', 0, '> compares a duration with a text: now - customer.lastLogin is a duration, "30d" is a string; write duration("30d")'],
    ['now - customer.lastLogin > 30', 0, '> compares a duration with a number: now - customer.lastLogin is a duration, 30 is an integer; a number of days is written duration("30d")'],
    ['customer.memberSince + 30', 0, '+ adds a date and a number: customer.memberSince is a date, 30 is an integer; a number of days is written duration("30d")'],
    ['now > 2026-11-01', 0, '> compares a timestamp with a number: now is a timestamp, (2026 - 11) - 1 is an integer; write date("2026-11-01")'],
    ['customer.memberSince == 2026-1-31', 0, '== compares a date with a number: customer.memberSince is a date, (2026 - 1) - 31 is an integer; write date("2026-01-31")'],
    ['daysBetween(2026-11-01, now) > 3', 0, 'daysBetween is written daysBetween(from, to), each a date or a timestamp: here (2026 - 11) - 1 is an integer, now is a timestamp; write date("2026-11-01")'],
    ['customer.balance >= "0.5"', 0, '>= compares a number with a text: customer.balance is a number, "0.5" is a string; write 0.5 without quotes'],
    ['now + 1', 0, '+ adds a timestamp and a number: now is a timestamp, 1 is an integer; a number of days is written duration("1d")'],
    ['customer.extra.day < now', 0, '< compares an undeclared value with a timestamp: customer.extra.day is of no declared type, now is a timestamp; write timestamp(customer.extra.day)'],
    ['[1] < [2]', 0, '< compares a list with a list: [1] is a list of integers, [2] is a list of integers'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('values that cannot be', () => {
  test.each<Row>([
    ['customer.region == "nort"', 0, 'customer.region is never "nort"; did you mean "north"?'],
    ['customer.region != "nort"', 0, 'customer.region is never "nort"; did you mean "north"?'],
    ['"Nort" == customer.region', 0, 'customer.region is never "Nort"; did you mean "north"?'],
    ['customer.region == "everywhere"', 0, 'customer.region is never "everywhere"; it is one of "north", "middle", "south"'],
    ['customer.region in ["north", "est"]', 0, 'customer.region is never "est"; it is one of "north", "middle", "south"'],
    ['customer.housing == "own"', 0, 'customer.housing is never "own"; did you mean "owns"?'],
    ['channel == "webb"', 0, 'channel is never "webb"; did you mean "web"?'],
    ['channel in ["web", "ap"]', 0, 'channel is never "ap"; did you mean "app"?'],
    ['direction == "in"', 0, 'direction is never "in"; it is one of "inbound", "outbound"'],
    ['"strom" in triggers', 0, 'triggers never holds "strom"; did you mean "storm"?'],
    ['"vipp" in customer.tags', 0, 'customer.tags never holds "vipp"; did you mean "vip"?'],
    ['offer.kind == "crosssell"', 0, 'offer.kind is never "crosssell"; did you mean "cross-sell"?'],
    ['offer.category == channel', 0, 'offer.category and channel are never equal: they have no value in common'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('operations', () => {
  test.each<Row>([
    ['customer.name in "abc"', 0, 'in looks into a list: "abc" is a string; write "abc".contains(customer.name)'],
    ['customer.holdings in "card"', 0, 'in looks into a list: "card" is a string; write "card" in customer.holdings'],
    ['"a" in customer.name', 0, 'in looks into a list: customer.name is a string; write customer.name.contains("a")'],
    ['1 in customer.holdings', 0, 'in looks for an integer in a list of strings: 1 is an integer'],
    ['customer.age in ["a"]', 0, 'in looks for an integer in a list of strings: customer.age is an integer'],
    ['"2026-01-01" in [customer.memberSince]', 0, 'in looks for a string in a list of dates: "2026-01-01" is a string; write date("2026-01-01")'],
    ['3 in customer.limits', 0, 'in looks for an integer among keys that are strings: 3'],
    ['1 in 2', 0, 'in looks into a list or a map: 2 is an integer'],
    ['customer.age && true', 0, '&& joins conditions: customer.age is an integer, not true or false'],
    ['customer.name || true', 0, '|| joins conditions: customer.name is a string, not true or false'],
    ['!customer.age', 0, '! needs a condition: customer.age is an integer'],
    ['-customer.name', 0, '- needs a number: customer.name is a string'],
    ['customer.age ? 1 : 2', 0, 'a choice (? :) needs a condition before the ?: customer.age is an integer, not true or false'],
    ['true ? 1 : "a"', 0, 'both results of a choice (? :) must be of one type: 1 is an integer, "a" is a string'],
    ['true ? now : 1', 0, 'both results of a choice (? :) must be of one type: now is a timestamp, 1 is an integer'],
    ['customer.age + "a"', 0, '+ adds a number and a text: customer.age is an integer, "a" is a string; write string(…) around what is not a text'],
    ['"a" + 1', 0, '+ adds a text and a number: "a" is a string, 1 is an integer; write string(…) around what is not a text'],
    ['customer.name - "a"', 0, '- subtracts a text and a text: customer.name is a string, "a" is a string'],
    ['customer.age % 1.5', 0, '% needs integers on both sides: customer.age is an integer, 1.5 is a number'],
    ['customer.deceased * 2', 0, '* multiplies a true/false value and a number: customer.deceased is true or false, 2 is an integer'],
    ['[1, "a"]', 4, 'the elements of a list must be of one type: 1 is an integer, "a" is a string'],
    ['[1, [1]]', 4, 'the elements of a list must be of one type: 1 is an integer, [1] is a list of integers'],
    ['{"a": 1, "b": "x"}', 14, 'the values of a map must be of one type: 1 is an integer, "x" is a string'],
    ['{"a": 1, 2: 3}', 9, 'the keys of a map must be of one type: "a" is a string, 2 is an integer'],
    ['{"a": 1, "a": 2}', 0, 'the key "a" is there twice'],
    ['{1.5: 1}', 0, 'the keys of a map are strings, integers or true/false: 1.5 is a number'],
    ['{"a": 1}[1]', 9, 'the keys of {"a": 1} are strings: 1 is an integer'],
    ['customer.scores["a"]', 16, 'the elements of a list are counted from 0: "a" is a string'],
    ['customer.name[0]', 0, 'customer.name is a string; only lists and maps have elements'],
    ['customer.address[channel]', 17, 'write the field\'s name: customer.address.name'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('what is not available', () => {
  test.each<Row>([
    ['null', 0, 'null is not available: what is null counts as missing; ask has(customer.age), or !has(customer.age)'],
    ['customer.age == null', 16, 'null is not available: what is null counts as missing; ask has(customer.age), or !has(customer.age)'],
    ['1u', 0, 'unsigned integers are not available: write 1 without the u'],
    ['b"a"', 0, 'bytes are not available: write a text, without the b'],
    ['9007199254740993', 0, '9007199254740993 is beyond the integers that are counted exactly (±9007199254740991)'],
    ['-9007199254740993', 0, '-9007199254740993 is beyond the integers that are counted exactly (±9007199254740991)'],
    ['1e999', 0, 'this number is too large'],
    ['Name{a: 1}', 4, 'expected an operator after "Name", found "{"; objects of a named type, Name{…}, are not available'],
    ['a.b.Name{a: 1}', 8, 'expected an operator after "Name", found "{"; objects of a named type, Name{…}, are not available'],
    ['dyn(1)', 0, 'dyn is not available: every value has the type that the schema declares'],
    ['type(1)', 0, 'type is not available: every value has the type that the schema declares'],
    ['customer.name.matches("a+")', 0, 'matches is not available: a regular expression can hang the service; use startsWith, endsWith, contains'],
    ['matches("a", "b")', 0, 'matches is not available: a regular expression can hang the service; use startsWith, endsWith, contains'],
    ['uint(1)', 0, 'uint is not available: use int(x)'],
    ['bytes("a")', 0, 'bytes is not available: use a text'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('functions and macros', () => {
  test.each<Row>([
    ['sise(customer.name)', 0, 'there is no function sise; did you mean size?'],
    ['customer.name.startWith("a")', 0, 'there is no function startWith; did you mean startsWith?'],
    ['customer.name.toLowerCase()', 0, 'toLowerCase is not available: use lowerAscii()'],
    ['startsWith(customer.name, "a")', 0, 'startsWith is written text.startsWith("a")'],
    ['customer.age.size()', 0, 'size is written size(x), of a text, a list or a map: here customer.age is an integer'],
    ['now.daysBetween(now)', 0, 'daysBetween is written daysBetween(from, to), each a date or a timestamp'],
    ['now()', 0, 'now is not a function: write now without ()'],
    ['today()', 0, 'today is not available: use now'],
    ['daysBetween(customer.memberSince)', 0, 'daysBetween is written daysBetween(from, to), each a date or a timestamp: here customer.memberSince is a date'],
    ['daysBetween("2026-01-01", now)', 0, 'daysBetween is written daysBetween(from, to), each a date or a timestamp: here "2026-01-01" is a string, now is a timestamp; write date("2026-01-01")'],
    ['daysBetween(customer.age, now)', 0, 'daysBetween is written daysBetween(from, to), each a date or a timestamp: here customer.age is an integer, now is a timestamp'],
    ['customer.age.startsWith("a")', 0, 'startsWith is written text.startsWith("a"): here customer.age is an integer, "a" is a string'],
    ['size(customer.age)', 0, 'size is written size(x), of a text, a list or a map: here customer.age is an integer'],
    ['min()', 0, 'min is written min(a, b, …)'],
    ['min("a", 1)', 0, 'min is written min(a, b, …): here "a" is a string, 1 is an integer'],
    ['yearsBetween(customer.birthDate)', 0, 'yearsBetween is written yearsBetween(from, to), each a date or a timestamp: here customer.birthDate is a date'],
    ['customer.scores.exists(1, true)', 0, 'write exists(x, condition on x), x being any name'],
    ['exists(customer.scores, x, true)', 0, 'write list.exists(x, condition on x), x being any name'],
    ['customer.age.exists(x, true)', 0, 'exists goes through a list: customer.age is an integer'],
    ['customer.scores.exists(x)', 0, 'write exists(x, condition on x), x being any name'],
    ['customer.scores.exists(x, x)', 26, 'exists needs a condition: x is an integer, not true or false'],
    ['customer.scores.map(x, x, x)', 23, 'map(x, condition, result) needs a condition: x is an integer, not true or false'],
    ['customer.scores.all(x, y > 1)', 23, 'y is not declared; did you mean x?'],
    ['customer.scores.exists(a, customer.scores.exists(b, customer.scores.exists(c, a == c)))', 52, 'exists within 2 others is not available; at most 2 can lie within each other'],
    ['[[[[1]]]]', 0, 'lists and maps can lie within each other 3 deep, not more'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('constants', () => {
  test.each<Row>([
    ['date("2026-02-30")', 0, 'date("2026-02-30") is not a date; write date("2026-01-31")'],
    ['date("1 Jan 2026")', 0, 'date("1 Jan 2026") is not a date; write date("2026-01-31")'],
    ['timestamp("2026-01-01")', 0, 'timestamp("2026-01-01") is not a timestamp of whole milliseconds within range; write timestamp("2026-01-31T12:00:00Z")'],
    ['timestamp("2026-01-01T00:00:00.123456Z")', 0, 'timestamp("2026-01-01T00:00:00.123456Z") is not a timestamp of whole milliseconds within range; write timestamp("2026-01-31T12:00:00Z")'],
    ['duration("30 days")', 0, 'duration("30 days") is not a duration of whole milliseconds within range; write duration("30d"), in w, d, h, m, s, ms'],
    ['duration("30D")', 0, 'duration("30D") is not a duration of whole milliseconds within range; write duration("30d"), in w, d, h, m, s, ms'],
    ['duration("1us")', 0, 'duration("1us") is not a duration of whole milliseconds within range; write duration("30d"), in w, d, h, m, s, ms'],
    ['int("a")', 0, 'int("a") has no result; write int(x), of a number, a text or a timestamp'],
    ['double("x")', 0, 'double("x") has no result; write double(x), of a number or a text'],
    ['bool("yes")', 0, 'bool("yes") has no result; write bool(x), of a text'],
    ['now.getHours("Europe/Stokholm")', 13, 'there is no time zone "Europe/Stokholm"; write it as "Europe/Stockholm", "UTC" or "+02:00"'],
    ['1 / 0', 0, '1 / 0 divides by zero, or has no finite result'],
    ['1.5 / 0.0', 0, '1.5 / 0.0 divides by zero, or has no finite result'],
    ['1 % 0', 0, '1 % 0 divides by zero, or has no finite result'],
    ['9007199254740991 + 1', 0, '9007199254740991 + 1 has no result: it is out of range'],
    ['[1][5]', 4, '[1] has no element 5; they are counted from 0'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});

describe('syntax', () => {
  test.each<Row>([
    ['customer.age = 18', 13, 'expected an operator after "age", found "="; write == to compare'],
    ['customer.age === 18', 15, 'expected a value after "==", found "="; write == to compare'],
    ['customer.age >= ', 16, 'expected a value after ">=", where the expression ends'],
    ['>= 18', 0, 'expected a value at the start, found ">="'],
    ['customer.age > 18 and true', 18, 'expected an operator after "18", found "and"; write && in place of "and"'],
    ['customer.age > 18 AND true', 18, 'expected an operator after "18", found "AND"; write && in place of "and"'],
    ['not true', 4, 'expected an operator after "not", found "true"; write ! in place of "not"'],
    ['true or false', 5, 'expected an operator after "true", found "or"; write || in place of "or"'],
    ['customer.age <> 3', 14, 'expected a value after "<", found ">"; write != in place of "<>"'],
    ['customer.name == “Ada”', 17, 'expected a value after "==", found "“"; write straight quotes: "'],
    ['"abc', 0, 'the text that starts here has no closing " in its line'],
    ['"a\nb"', 0, 'the text that starts here has no closing " in its line'],
    ['"\\q"', 1, '\\q means nothing in a text; write \\\\ for a backslash'],
    ['(1 + 2', 6, 'expected ")" or an operator after "2", where the expression ends'],
    ['1 + 2)', 5, 'expected an operator after "2", found ")"; there is no "(" for it'],
    ['1 + 2]', 5, 'expected an operator after "2", found "]"; there is no "[" for it'],
    ['[1, 2', 5, 'expected "," or "]" after "2", where the expression ends'],
    ['{"a" 1}', 5, 'expected ":" (a map is {key: value}) after "a", found "1"'],
    ['{"a": }', 6, 'expected a value after ":", found "}"'],
    ['f(1,)', 4, 'expected a value after ",", found ")"'],
    ['customer.', 9, 'expected a field\'s name after ".", where the expression ends'],
    ['customer.1', 8, 'expected an operator after "customer", found ".1"'],
    ['customer..age', 9, 'expected a field\'s name after ".", found "."'],
    ['1 2', 2, 'expected an operator after "1", found "2"'],
    ['a ? b', 5, 'expected ":" (the choice is condition ? a : b) after "b", where the expression ends'],
    ['a ? b :', 7, 'expected a value after ":", where the expression ends'],
    ['0,2', 1, 'expected an operator after "0", found ","; write 0.2'],
    ['(customer.balance > 0,05)', 21, 'expected ")" or an operator after "0", found ","; write 0.05'],
    ['a & b', 2, 'expected an operator after "a", found "&"; write && for "and"'],
    ['a | b', 2, 'expected an operator after "a", found "|"; write || for "or"'],
    ['$x', 0, 'expected a value at the start, found "$"; a name has no "$"'],
    ['a;', 1, 'expected an operator after "a", found ";"; an expression has no ";"'],
    ['', 0, 'the expression is empty'],
    ['   ', 0, 'the expression is empty'],
    ['// only', 0, 'the expression is empty'],
    ['if(true, 1, 2) == 1', 0, 'this word is reserved by the expression language; it cannot be a name: write condition ? a : b'],
    ['else', 0, 'this word is reserved by the expression language; it cannot be a name: the last of several cases has no condition; elsewhere write condition ? a : b'],
    ['for == 1', 0, 'this word is reserved by the expression language; it cannot be a name'],
    ['customer.in', 9, 'this word is reserved by the expression language; it cannot be a name'],
    ['x -> y', 3, 'expected a value after "-", found ">"'],
    ['customer.age is 3', 13, 'expected an operator after "age", found "is"; write == in place of "is"'],
    ['in', 0, 'expected a value at the start, found "in"'],
    ['1 in', 4, 'expected a value after "in", where the expression ends'],
    ['"""abc', 0, 'the text that starts here has no closing """'],
    ['\'it\'\'s\'', 4, 'expected an operator after \'it\', found \'s\''],
    ['a[1', 3, 'expected "]" or an operator after "1", where the expression ends'],
    ['a.b(', 4, 'expected a value after "(", where the expression ends'],
    ['5 .', 3, 'expected a field\'s name after ".", where the expression ends'],
    ['@x', 0, 'expected a value at the start, found "@"'],
    ['0x', 1, 'expected an operator after "0", found "x"'],
    ['1.e', 0, '1 is an integer and has no field e'],
    ['#', 0, 'expected a value at the start, found "#"; a comment starts with //'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });
});
test('every problem of an expression is reported, with its place', () => {
  expect(problemsOf('customer.agee > 1 ||\n  customer.regoin == "north" && sise(customer.nam) > 2')).toEqual([
    { offset: 0, length: 13, message: 'customer.agee is not declared; did you mean customer.age?' },
    { offset: 23, length: 15, message: 'customer.regoin is not declared; did you mean customer.region?' },
    { offset: 53, message: 'there is no function sise; did you mean size?' },
    { offset: 58, length: 12, message: 'customer.nam is not declared; did you mean customer.name?' },
  ]);
});

describe('what is expected', () => {
  test.each([
    ['customer.age', 'bool', 'a condition is expected here, true or false: customer.age is an integer'], ['customer.name', 'number', 'a number is expected here: customer.name is a string'], ['customer.age', 'string', 'a text is expected here: customer.age is an integer'],
    ['"customer.age >= 18"', 'bool', 'a condition is expected here, true or false: "customer.age >= 18" is a string; take the inner quotes away'], ['"north"', 'bool', 'a condition is expected here, true or false: "north" is a string'],
    ['customer.deceased', 'bool', undefined], ['customer.extra', 'bool', undefined], ['customer.age', 'number', undefined], ['customer.balance', 'number', undefined], ['customer.region', 'string', undefined], ['customer.memberSince', 'any', undefined],
  ] as const)('%s as %s', (source, expected, message) => {
    expect(problemsOf(source, expected).map((problem) => problem.message)).toEqual(message === undefined ? [] : [message]);
  });
});

describe('roots that cannot be read here', () => {
  const here = allRoots.filter((root) => root !== 'propensity' && root !== 'value' && root !== 'event' && root !== 'offer');
  const listed = 'here are customer, context, channel, direction, triggers, now';
  test.each([
    ['propensity > 0.1', `propensity cannot be read here, only in rules; ${listed}`], ['value > 0.1', `value cannot be read here, only in rules; ${listed}`], ['event.type == "x"', `event cannot be read here, only in \`on.when\` and \`matches\` of a trigger; ${listed}`],
    ['offer.id == "x"', `offer cannot be read here, only in places where an offer is judged: rules, treatments, models; ${listed}`],
  ])('%s', (source, message) => {
    expect(problemsOf(source, 'any', here)).toEqual([expect.objectContaining({ offset: 0, message })]);
  });
});

describe('words for true, false and nothing', () => {
  const asked = 'whether there is a value is asked with has(customer.age), or !has(customer.age); a text is written in quotes';
  test.each<Row>([
    ['customer.deceased == yes', 21, 'yes is no word here: write true, or "yes" in quotes where a text is meant'],
    ['customer.deceased == no', 21, 'no is no word here: write false, or "no" in quotes where a text is meant'],
    ['customer.deceased == On', 21, 'On is no word here: write true, or "On" in quotes where a text is meant'],
    ['customer.deceased != OFF', 21, 'OFF is no word here: write false, or "OFF" in quotes where a text is meant'],
    ['yes', 0, 'yes is no word here: write true, or "yes" in quotes where a text is meant'],
    ['customer.region == none', 19, `none is no word here: ${asked}: "none"`],
    ['customer.region != empty', 19, `empty is no word here: ${asked}: "empty"`],
    ['customer.memberSince < today', 23, 'today is no word here: write now, or a day as date("2026-11-23")'],
  ])('%s', (source, offset, message) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ offset, message })]);
  });

  test('a variable may have such a name', () => {
    expect(problemsOf('customer.scores.exists(on, on > 1)')).toEqual([]);
  });
});

describe('numbers as they are written on paper', () => {
  const noCurrency = 'an amount is written without its currency, which is that of the catalog';
  test.each<readonly [string, string]>([
    ['customer.income > 200,000', '; write 200000, or 200.000 where the comma stands before decimals'],
    ['customer.income > 1,200,000', '; write 1200000'],
    ['customer.income > 200 000', '; write 200000'],
    ['customer.income > 1 200 000', '; write 1200000'],
    ['customer.income > 200_000', '; write 200000'],
    ['customer.income > 200k', '; write 200000'],
    ['customer.income > 2 million', '; write 2000000'],
    ['customer.income > 5 mio', '; write 5000000'],
    ['customer.income > 12,50', '; write 12.50'],
    ['customer.income > 0,125', '; write 0.125'],
    ['customer.income > 200000 SEK', `; ${noCurrency}`],
    ['customer.income > 200000 kr', `; ${noCurrency}`],
    ['SEK 120', `; ${noCurrency}`],
    ['€120', `; ${noCurrency}`],
    ['$120', `; ${noCurrency}`],
    ['customer.balance > 50%', '; a share is written as a number: 0.5 for 50 %'],
    ['customer.balance > 7 % && true', '; a share is written as a number: 0.07 for 7 %'],
    ['3%', '; a share is written as a number: 0.03 for 3 %'],
  ])('%s', (source, hint) => {
    const [problem, ...others] = problemsOf(source);
    expect(problem!.message).toMatch(/^expected /);
    expect(problem!.message.slice(problem!.message.indexOf('; '))).toBe(hint);
    expect(others).toEqual([]);
  });

  test.each(['1 2', 'customer.age % 2 = 0', '5 AND 6', 'customer.age > 30 day', 'customer.age > 5 mod 2', 'customer.age > 18 und true', 'customer.age > 3 for', 'customer.age in [1, 200 300]', 'customer.age in (200 300)', 'customer.age in (200, 300)', 'customer.age in {18, 19}'])('is none: %s', (source) => {
    expect(problemsOf(source)[0]!.message).not.toMatch(/amount|share|write \d/);
  });
});

describe('what comes along from a word processor', () => {
  test.each<readonly [string, string]>([
    ['customer.region == „north“', 'write straight quotes: "'],
    ['customer.region == «north»', 'write straight quotes: "'],
    ['customer.region == ″north″', 'write straight quotes: "'],
    ['customer.age − 2 > 3', 'write - in place of −'],
    ['customer.age – 2 > 3', 'write - in place of –'],
    ['customer.age × 2 > 3', 'write * in place of ×'],
  ])('%s', (source, hint) => {
    expect(problemsOf(source).map(({ message }) => message.split('; ')[1])).toEqual([hint]);
  });

  test.each([['\u00a0', 'U+00A0'], ['\u200b', 'U+200B'], ['\u202f', 'U+202F'], ['\ufeff', 'U+FEFF']])('a blank that is none, %j', (blank, name) => {
    expect(problemsOf(`customer.age${blank}> 18`)).toEqual([{ offset: 12, length: 1, message: `a character that cannot be seen, or looks like a space and is none (${name}): take it out, or type the space anew` }]);
  });
});

describe('what people write who know other languages', () => {
  test.each<readonly [string, string]>([
    ['customer.region not in ["north"]', 'write !(a in b) in place of "a not in b"'],
    ['"card" NOT IN customer.holdings', 'write !(a in b) in place of "a not in b"'],
    ['!customer.region in ["north"]', '! negates customer.region alone, which is a string; write !(customer.region in ["north"])'],
    ['!"card" in customer.holdings', '! negates "card" alone, which is a string; write !("card" in customer.holdings)'],
    ['!customer.age > 18', '! negates customer.age alone, which is an integer; write !(customer.age > 18)'],
    ['not ("card" in customer.holdings)', 'write ! in place of "not": !(…)'],
    ['NOT "card" in customer.holdings', 'write ! in place of "not"'],
    ['customer.name is not "x"', 'write != in place of "is not"'],
    ['customer.name is null', 'write !has(customer.age) in place of "is null"'],
    ['customer.name is not null', 'write has(customer.age) in place of "is not null"'],
    ['customer.age => 18', 'write >= in place of "=>"'],
    ['customer.age =< 18', 'write <= in place of "=<"'],
    ['customer.age between 18 and 65', 'write a >= 1 && a <= 9 in place of "between"'],
    ['18 < customer.age < 65', 'write 18 < customer.age && customer.age < 65'],
    ['customer.name contains "x"', 'write "x" in list, or text.contains("x")'],
    ['customer.holdings.contains("card")', 'write "card" in customer.holdings'],
    ['customer.name like "x%"', 'write text.contains("x"), text.startsWith("x") or text.endsWith("x")'],
    ['customer.name in ("a", "b")', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.name in "a", "b"', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.name == "a" || "b"', 'each side is a whole comparison: a == "b" || a == "b"'],
    ['customer.name != "a" && != "b"', 'each side of && is a whole comparison: a != "b" && a != "c"'],
    ['customer.age > 18 && & customer.deceased', 'expected a value after "&&", found "&"'],
    ['customer.deceased == "true"', 'write true without quotes'],
    ['customer.deceased == TRUE', 'write true'],
    ['now - 30d > customer.lastLogin', 'a span of time is written duration("30d"), in days, hours (h) or minutes (m)'],
    ['customer.age in (1, 200)', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.age in (200, 300)', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.age in {18, 19}', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.age in 1, 2', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.age > 5 mod 2', 'write % in place of "mod"'],
    ['customer.memberSince < now - 30 day', 'a span of time is written duration("30d"), in days, hours (h) or minutes (m)'],
    ['customer.memberSince < now - 2 yrs', 'a span of time is written duration("30d"), in days, hours (h) or minutes (m)'],
    ['customer.memberSince < now - 2 years', 'a span of time is written duration("30d"), in days, hours (h) or minutes (m)'],
    ['if customer.age > 18 then true', 'write condition ? a : b'],
    ['customer.name in north, west', 'a list is written in square brackets: in ["a", "b"]'],
    ['customer.age equals 18', 'write == in place of "equals"'],
    ['customer.age is greater than 18', 'write > in place of "is greater than"'],
    ['customer.age is less than 18', 'write < in place of "is less than"'],
    ['customer.name =~ "a.*"', 'write text.contains("x"), text.startsWith("x") or text.endsWith("x")'],
    ['=customer.age >= 18', 'a condition does not begin with "="'],
    ['has customer.age', 'write has(customer.age), with brackets'],
    ['exists(customer.region)', 'whether there is a value is asked with has(customer.region)'],
    ['isNull(customer.region)', 'isNull is not available: use !has(customer.age)'],
    ['daysSince(customer.memberSince) > 3', 'daysSince is not available: use daysBetween(x, now)'],
  ])('%s', (source, hint) => {
    const [problem, ...others] = problemsOf(source);
    expect(problem!.message).toContain(hint);
    expect(others).toEqual([]);
  });
});
