//! `for` expressions: collections made of other collections.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::collections::{elements, is_in_order};
use super::data::{Data, ListKind, MapKind, Traced, Values, alternatives, collected, computed, error_in};
use super::eval::Evaluator;
use super::followed::Followed;
use super::refinement::{Bounds, Refinement};
use super::scope::Scope;
use crate::source::Location;
use crate::syntax::tree::ForExpr;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a `for` expression.
    pub(super) fn for_expr(&self, expr: &ForExpr, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let collections = self.eval(&expr.collection, location.file, scope);
        alternatives(collections.into_iter().map(|collection| {
            let Bounds { least, most } = Refinement::of(&collection).length;
            let length = Bounds { least: least.filter(|_| expr.cond.is_none()), most };
            self.for_over(expr, &collection, location, scope).refined(|known| {
                known.not_null = true;
                known.length = if expr.grouping { length.distinct() } else { length };
            })
        }))
    }

    /// The value of a `for` expression over one collection.
    fn for_over(&self, expr: &ForExpr, collection: &Traced, location: Location, scope: &Scope<'_, 'w, 'a>) -> Traced {
        let file = location.file;
        let unknown = |why: &str| Traced::unknown(why, location).because_of(collection);
        if expr.key.is_none() && !is_in_order(collection) {
            return Traced { hops: collection.hops.clone(), ..unknown("the order of a set") };
        }
        let Some(elements) = elements(collection) else {
            if !matches!(collection.data, Data::Unknown(_)) {
                let error = Data::Error("a `for` over something that is not a collection".to_owned());
                return computed(error, location).because_of(collection);
            }
            return Traced {
                origin: collection.origin,
                hops: collection.hops.clone(),
                // What is no collection, or holds what does not fit, is refused.
                fallible: true,
                ..match &collection.data {
                    Data::Unknown(why) | Data::Error(why) => unknown(why),
                    _ => unknown("a collection that cannot be iterated over"),
                }
            };
        };
        let (mut list, mut object) = (Vec::<Values>::new(), BTreeMap::<String, Values>::new());
        let mut groups = BTreeMap::<String, Vec<Values>>::new();
        // Whether which elements there are, or their keys, depend on what is followed.
        let mut followed = collection.followed.clone();
        let follow = |value: Traced, followed: Followed| Traced { followed: followed.and(&value.followed), ..value };
        // Whether that may be shown: keys have no mark of their own.
        let mut sensitive = collection.sensitive;
        let mut names = scope.names.to_vec();
        for (key, value) in elements {
            if let Some(given_up) = self.exhausted(location).and_then(|values| values.into_iter().next()) {
                return follow(given_up, followed);
            }
            // Each turn has its marks, besides what is evaluated in it.
            self.work.spend(1);
            names.truncate(scope.names.len());
            if let Some(name) = &expr.key_var {
                names.push((name, Rc::new(key)));
            }
            names.push((&expr.value_var, Rc::new(value)));
            let inner = Scope { names: &names, ..*scope };
            let condition = expr.cond.as_ref().map(|cond| self.eval(cond, file, &inner));
            condition.iter().flatten().for_each(|value| followed.join(&value.following()));
            sensitive |= condition.iter().flatten().any(|value| value.sensitive);
            match condition.as_deref() {
                Some([condition]) if condition.as_bool() == Some(false) => continue,
                Some([condition]) if condition.as_bool() == Some(true) => {}
                None => {}
                Some([condition]) if matches!(condition.data, Data::Error(_)) => return condition.clone(),
                Some([condition]) if !matches!(condition.data, Data::Unknown(_)) => {
                    let error = Data::Error("a filter that is not a boolean".to_owned());
                    return computed(error, location).because_of(condition);
                }
                Some(conditions) => {
                    let filter = unknown("a filter that is not known");
                    return follow(conditions.iter().fold(filter, Traced::because_of), followed);
                }
            }
            let value = self.eval(&expr.value, file, &inner);
            let Some(key) = &expr.key else {
                list.push(value);
                continue;
            };
            let keys = self.eval(key, file, &inner);
            for value in &keys {
                followed.join(&value.following());
            }
            sensitive |= keys.iter().any(|value| value.sensitive);
            match (keys.as_slice(), expr.grouping) {
                ([key], grouping) if key.as_text().is_some() => {
                    let key = key.as_text().unwrap_or_default();
                    if grouping {
                        groups.entry(key).or_default().push(value);
                    } else if object.insert(key, value).is_some() {
                        let error = Data::Error("two elements of a `for` with the same key".to_owned());
                        return follow(computed(error, location).because_of(collection), followed);
                    }
                }
                ([key], _) if !matches!(key.data, Data::Unknown(_)) => {
                    let error = Data::Error("a key that is not a string".to_owned());
                    return follow(computed(error, location).because_of(key), followed);
                }
                (keys, _) => {
                    let unknown = unknown("keys that are not known");
                    return follow(keys.iter().fold(unknown, Traced::because_of), followed);
                }
            }
        }
        let error = error_in(list.iter().chain(object.values()).chain(groups.values().flatten()));
        let group = |group| vec![computed(Data::List(ListKind::Tuple, group), location)];
        object.extend(groups.into_iter().map(|(key, items)| (key, group(items.into()))));
        let data = match expr.key {
            Some(_) => Data::Object(MapKind::Object, object.into()),
            None => Data::List(ListKind::Tuple, list.into()),
        };
        let result = Traced { hops: collection.hops.clone(), ..collected(error, data, location) };
        // The elements bring the influence of their collection along, but what is made of keys alone does not.
        let fallible = result.fallible || collection.fallible;
        follow(Traced { fallible, sensitive: result.sensitive || sensitive, ..result }, followed)
    }
}
